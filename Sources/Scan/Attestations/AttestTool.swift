public import Core
import Crypto
import Formats
public import Gate
public import JSON

/// `scan.attest`: makes and signs a statement about a file or a commit.
///
/// Its effect is `reveal`: nothing here is altered, and nothing can be undone, since what it gives out speaks for the
/// holder of the key wherever it goes, as a credential does. So policy decides on it as on handing out one, the answer is
/// given once and not kept, and the record holds what was signed by its hash.
public struct AttestTool: Tool {
    public static let id = "scan.attest"
    private let findings: FindingsStore

    public init(findings: FindingsStore) { self.findings = findings }

    public var descriptor: ToolDescriptor {
        ToolDescriptor(
            id: Self.id, title: "Sign an attestation",
            summary:
                "Makes an in-toto statement about a file or a commit (a bill of materials, an assessment, or a predicate "
                + "of one's own) and signs it with a private key of this machine.",
            effect: .reveal, arguments: Self.schema)
    }

    public func effect(of arguments: JSON) throws -> Effect {
        _ = try AttestArguments(arguments)
        return .reveal
    }

    public func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let arguments = try AttestArguments(action.arguments)
        guard context.isLocal else {
            throw GatehouseError(
                "scan", .denied, "\(Self.id): keys of this machine sign for its own users only",
                hint: "run gatehouse attest on the machine itself")
        }
        let key = try SigningKeyFile.key(arguments.key)
        let subject = try await AttestedSubject.subject(arguments.path)
        let (type, predicate) = try await predicate(arguments, subject)
        var envelope = Statement(subjects: [subject], predicateType: type, predicate: predicate).envelope
        try envelope.sign(with: key)
        let isBundle = arguments.format == .bundle
        let made = isBundle ? SigstoreBundle(.envelope(envelope)).json(key: key.publicKey) : envelope.json
        let facts: JSON = [
            "key": .string(key.publicKey.id), "subject": Self.shown(subject), "predicate_type": .string(type),
            "payload_sha256": .string(Hex.encode(SHA256.hash(data: envelope.payload))),
        ]
        return Answer(
            ["attestation": made, "key": .string(key.publicKey.id), "subject": Self.shown(subject)], facts: facts)
    }

    /// What was not given out signs for nobody.
    public func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation { .didNotHappen }

    private static func shown(_ subject: Statement.Subject) -> JSON {
        let digests = subject.digests.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }
        return ["name": .string(subject.name), "digest": .object(JSONObject(digests))]
    }

    private func predicate(
        _ arguments: AttestArguments, _ subject: Statement.Subject
    ) async throws -> (type: String, JSON) {
        switch arguments.predicate {
        case .given(let type, let value): return (type, value)
        case .report(let id, let form):
            let assessment = try await findings.assessment(id)
            let isSame =
                subject.digests["gitCommit"].map { $0 == assessment.commit } ?? (assessment.target == arguments.path)
            guard isSame else {
                throw GatehouseError(
                    "scan", .conflict, "assessment \(id) is of something else than \(arguments.path)",
                    hint: "assess it again")
            }
            guard let format = AssessmentReport.Format(name: form.rawValue) else {
                throw GatehouseError("scan", .internal, "there is no report \(form.rawValue)")
            }
            let bytes = try await findings.report(id, format)
            return (
                form.type, try JSON.parse(String(decoding: bytes, as: UTF8.self), limits: AssessmentDocument.limits)
            )
        }
    }

    private static let schema: JSON = ToolDescriptor.object(
        [
            "path": ["type": "string", "description": "The file, or the repository at its commit."],
            "key": [
                "type": "string",
                "description": "A file of mode 0600 with a private key in PEM; without it, the house's environment.",
            ],
            "assessment": ["type": "string", "description": "An assessment of it, whose report is the predicate."],
            "report": ["enum": .array(AttestArguments.Report.allCases.map { .string($0.rawValue) })],
            "predicate_type": ["type": "string", "description": "The address of the type of one's own predicate."],
            "predicate": ["type": "object"],
            "format": ["enum": ["dsse", "bundle"], "default": "dsse"],
        ], required: ["path"])
}

/// The arguments of one call, checked.
struct AttestArguments {
    enum Report: String, CaseIterable {
        case cyclonedx, spdx, openvex, json

        /// Of the predicate.
        var type: String {
            switch self {
            case .cyclonedx: "https://cyclonedx.org/bom"
            case .spdx: "https://spdx.dev/Document/v2.3"
            case .openvex: "https://openvex.dev/ns/v0.2.0"
            case .json: "https://gatehouse.invalid/attestation/assessment/v1"
            }
        }
    }

    enum Predicate {
        case given(type: String, JSON)
        case report(assessment: String, Report)
    }

    enum Format: String { case dsse, bundle }

    let path: String
    let key: String?
    let predicate: Predicate
    let format: Format

    private static let members: Set<String> = [
        "path", "key", "assessment", "report", "predicate_type", "predicate", "format",
    ]

    /// - Throws: `invalid`, naming the argument.
    init(_ json: JSON) throws(GatehouseError) {
        guard let object = json.object else { throw Self.invalid("the arguments are no object") }
        for name in object.keys where !Self.members.contains(name) {
            throw Self.invalid("unknown argument \(name.prefix(64))")
        }
        guard let path = json["path"]?.string, path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw Self.invalid("path is no absolute path")
        }
        guard let format = Format(rawValue: json["format"]?.string ?? "dsse") else {
            throw Self.invalid("format is dsse or bundle")
        }
        self.path = path
        self.format = format
        key = json["key"]?.string
        if key?.contains("PRIVATE KEY") == true {
            throw Self.invalid("key is the path of a file, never the key itself; that key is to be replaced now")
        }
        switch (json["assessment"]?.string, json["predicate"]) {
        case (let id?, nil):
            guard let report = Report(rawValue: json["report"]?.string ?? "json") else {
                throw Self.invalid("report is one of \(Report.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            predicate = .report(assessment: id, report)
        case (nil, let value?):
            guard let type = json["predicate_type"]?.string, type.contains(":") else {
                throw Self.invalid("predicate_type is the address of the predicate's type")
            }
            guard value.object != nil else { throw Self.invalid("predicate is no object") }
            predicate = .given(type: type, value)
        default: throw Self.invalid("give either an assessment or a predicate")
        }
    }

    private static func invalid(_ message: String) -> GatehouseError {
        GatehouseError("scan", .invalid, "\(AttestTool.id): \(message)")
    }
}
