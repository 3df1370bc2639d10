import ArgumentParser
import Core
import JSON

struct AttestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest", abstract: "Sign statements about files and commits, and verify them, offline.",
        subcommands: [AttestSign.self, AttestVerify.self], defaultSubcommand: AttestSign.self)
}

struct AttestSign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a statement about a file, or about a repository at its commit.",
        discussion: """
            The statement is in-toto's, in a DSSE envelope or in a Sigstore bundle. The private key (ECDSA P-256 or Ed25519, PEM \
            without a password) is read from a file of mode 0600, or from GATEHOUSE_ATTEST_KEY of the house's environment; it is \
            never an argument. Passes through the gate, which records what was signed.
            """)

    enum Bill: String, CaseIterable, ExpressibleByArgument { case cyclonedx, spdx }
    enum Form: String, CaseIterable, ExpressibleByArgument { case dsse, bundle }

    @OptionGroup var house: HouseOptions
    @Argument(help: "The file, or the repository's folder.") var path: String
    @Option(help: "A JSON file with the predicate; needs --type.") var predicate: String?
    @Option(help: "The address of the predicate's type.") var type: String?
    @Flag(help: "Assess it, and state its bill of materials.") var sbom = false
    @Option(help: "The bill's form: cyclonedx or spdx.") var sbomFormat: Bill = .cyclonedx
    @Flag(help: "Assess it, and state what was found.") var assessment = false
    @Option(help: "A file of mode 0600 with the private key.") var key: String?
    @Option(help: "dsse, or bundle for Sigstore's.") var format: Form = .dsse
    @Option(name: .shortAndLong, help: "Write to this file instead of stdout.") var output: String?

    func validate() throws {
        guard [predicate != nil, sbom, assessment].count(where: { $0 }) == 1 else {
            throw ValidationError("give one of --predicate, --sbom and --assessment")
        }
        guard (predicate != nil) == (type != nil) else { throw ValidationError("--predicate goes with --type") }
    }

    func run() async throws {
        let path = try RepositoryAddress.absolute(path)
        let known = try arguments(path)
        let isAssessed = predicate == nil
        let result = try await withHouse(house) { client in
            let id = isAssessed ? try await Self.assess(path, with: client) : nil
            return try await client.submit(Self.action("scan.attest", path, Self.adding(id, to: known))) { _ in }
        }
        if result["state"]?.string == "waiting" { try Outcome.report(result, json: false, done: "attested") }
        let text = (result["answer"]?["attestation"] ?? .null).text(pretty: true) + "\n"
        guard let output else { return Terminal.data(text) }
        try WholeFile.write(Array(text.utf8), to: output)
    }

    private func arguments(_ path: String) throws -> JSON {
        var arguments: JSON = ["path": .string(path), "format": .string(format.rawValue)]
        if let key { arguments["key"] = .string(try Self.absolute(key)) }
        guard let predicate, let type else {
            arguments["report"] = .string(sbom ? sbomFormat.rawValue : "json")
            return arguments
        }
        let bytes = try WholeFile.read(predicate, limit: 16 << 20)
        arguments["predicate"] = try JSON.parse(String(decoding: bytes, as: UTF8.self))
        arguments["predicate_type"] = .string(type)
        return arguments
    }

    /// - Returns: the assessment's id.
    private static func assess(_ path: String, with client: HouseClient) async throws -> JSON? {
        let result = try await client.submit(action("scan.assess", path, ["path": .string(path)])) { _ in }
        return result["answer"]?["assessment"]
    }

    private static func action(_ tool: String, _ path: String, _ arguments: JSON) -> JSON {
        ["tool": .string(tool), "target": .string("repo:" + path), "arguments": arguments]
    }

    private static func adding(_ assessment: JSON?, to arguments: JSON) -> JSON {
        var arguments = arguments
        if let assessment { arguments["assessment"] = assessment }
        return arguments
    }

    /// Links are not resolved: a key that is a link is refused.
    private static func absolute(_ path: String) throws -> String {
        guard !path.hasPrefix("/") else { return path }
        return try RepositoryAddress.absolute(".") + "/" + path
    }
}
