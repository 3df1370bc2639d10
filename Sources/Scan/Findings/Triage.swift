public import Core
public import JSON

/// What somebody decided about a finding that stays where it is.
public struct Triage: Sendable, Hashable {
    /// Why a flaw that is there does no harm: VEX's justifications (OpenVEX 0.2.0).
    public enum Justification: String, Sendable, Hashable, CaseIterable {
        case componentNotPresent = "component_not_present"
        case vulnerableCodeNotPresent = "vulnerable_code_not_present"
        case vulnerableCodeNotInExecutePath = "vulnerable_code_not_in_execute_path"
        case vulnerableCodeCannotBeControlledByAdversary = "vulnerable_code_cannot_be_controlled_by_adversary"
        case inlineMitigationsAlreadyExist = "inline_mitigations_already_exist"
    }

    /// What may be decided. That something is fixed, an assessment tells.
    public static let states: [Finding.State] = [.known, .suppressed, .accepted]
    /// The longest time for which a risk is accepted.
    public static let longest = Duration.seconds(366 * 86_400)
    /// In bytes of UTF-8.
    public static let longestText = 4000
    public static let longestName = 200

    /// One of ``states``.
    public var state: Finding.State
    public var reason: String
    /// Who answers for it.
    public var owner: String
    /// What may come of it, in words: of an accepted risk.
    public var risk: String?
    public var justification: Justification?
    /// When it is open again; nil for never.
    public var expires: Timestamp?
    /// The name of who decided.
    public var by: String
    /// The names of who agreed, at the gate.
    public var approvers: [String]
    public var decided: Timestamp
    /// The action, which the ledger proves.
    public var actionID: String?

    public init(
        _ state: Finding.State, reason: String, owner: String, risk: String? = nil,
        justification: Justification? = nil, expires: Timestamp? = nil, by: String, approvers: [String] = [],
        decided: Timestamp, actionID: String? = nil
    ) {
        self.state = state
        self.reason = reason
        self.owner = owner
        self.risk = risk
        self.justification = justification
        self.expires = expires
        self.by = by
        self.approvers = approvers
        self.decided = decided
        self.actionID = actionID
    }

    /// - Throws: `invalid`, naming what is missing or too much.
    public func check() throws(GatehouseError) {
        guard Self.states.contains(state) else {
            throw Self.invalid(
                "a finding is \(state.rawValue) when an assessment says so",
                hint: "decide one of \(Self.states.map(\.rawValue).joined(separator: ", ")), or open to take it back")
        }
        try Self.check(reason, "reason", Self.longestText)
        try Self.check(owner, "owner", Self.longestName)
        if let risk { try Self.check(risk, "risk", Self.longestText) }
        if let expires, expires <= decided { throw Self.invalid("it would be over already", hint: "give a later end") }
        if justification != nil, state != .suppressed {
            throw Self.invalid("a justification says why a flaw does no harm: it goes with suppressed")
        }
        guard state == .accepted else { return }
        guard risk != nil else { throw Self.invalid("an accepted risk needs words for what may come of it") }
        guard let expires, expires - decided <= Self.longest else {
            throw Self.invalid("a risk is accepted for a time", hint: "give an end within 366 days")
        }
    }

    private static func check(_ text: String, _ name: String, _ limit: Int) throws(GatehouseError) {
        if text.utf8.allSatisfy({ $0 <= 0x20 }) { throw invalid("it needs the \(name)") }
        if text.utf8.contains(0) { throw invalid("the \(name) holds a NUL character") }
        guard text.utf8.count <= limit else {
            throw invalid("the \(name) has \(text.utf8.count) bytes; at most \(limit) are taken")
        }
    }

    static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("scan", .invalid, "\(TriageTool.id): \(message)", hint: hint)
    }
}

extension Triage {
    /// The members that are known.
    public var json: JSON {
        let members: [(String, JSON?)] = [
            ("state", .string(state.rawValue)), ("reason", .string(reason)), ("owner", .string(owner)),
            ("risk", risk.map { .string($0) }), ("justification", justification.map { .string($0.rawValue) }),
            ("expires", expires.map { .string($0.description) }), ("by", .string(by)),
            ("approvers", approvers.isEmpty ? nil : .array(approvers.map { .string($0) })),
            ("decided", .string(decided.description)), ("action", actionID.map { .string($0) }),
        ]
        return .object(JSONObject(members.compactMap { key, value in value.map { (key, $0) } }))
    }

    /// Nil for what is none.
    init?(_ json: JSON) {
        guard let state = json["state"]?.string.flatMap(Finding.State.init(rawValue:)),
            let reason = json["reason"]?.string, let decided = json["decided"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            state, reason: reason, owner: json["owner"]?.string ?? "", risk: json["risk"]?.string,
            justification: json["justification"]?.string.flatMap(Justification.init(rawValue:)),
            expires: json["expires"]?.string.flatMap { Timestamp($0) }, by: json["by"]?.string ?? "",
            approvers: (json["approvers"]?.array ?? []).compactMap(\.string), decided: decided,
            actionID: json["action"]?.string)
    }
}
