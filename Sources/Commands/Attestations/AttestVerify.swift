import ArgumentParser
import Core
import Formats
import JSON

struct AttestVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify an attestation or a signature with a public key, offline.",
        discussion: """
            Takes DSSE envelopes, Sigstore bundles, and the signatures that cosign sign-blob --key writes. Exit code 1 where it \
            does not hold. Without --subject, the signature is verified, and what it is about is shown.
            """)

    @OptionGroup var output: OutputOptions
    @Argument(help: "The attestation.") var file: String
    @Option(help: "A file with the public key, in PEM.") var key: String
    @Option(help: "The file that it must be about.") var subject: String?

    func run() throws {
        let key = try VerifyingKey(pem: String(decoding: WholeFile.read(key, limit: 64 << 10), as: UTF8.self))
        let attestation = try Attestation(WholeFile.read(file, limit: Envelope.maximumBytes))
        let content = try subject.map { try WholeFile.read($0, limit: 4 << 30) }
        let verified = try Self.verified(attestation, key, content)
        Terminal.data(output.json ? json(verified).text(pretty: true) + "\n" : text(verified))
        for words in verified.unchecked { Terminal.say(words) }
    }

    /// What does not hold was found out, as opposed to what could not be read.
    private static func verified(
        _ attestation: Attestation, _ key: VerifyingKey, _ content: [UInt8]?
    ) throws -> Attestation.Verified {
        do {
            return try attestation.verify(with: key, subject: content)
        } catch {
            guard error.code == .denied else { throw error }
            Terminal.complain(error)
            throw ExitStatus.found.code
        }
    }

    private func text(_ verified: Attestation.Verified) -> String {
        guard let statement = verified.statement else {
            return
                "verified: \(verified.payloadType.map { "an envelope of type \($0)" } ?? "a signature over the file")\n"
        }
        let subjects = statement.subjects.map { subject in
            let digests = subject.digests.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
            return "  \(subject.name) \(digests.joined(separator: " "))\n"
        }
        return "verified: \(statement.predicateType)\n" + subjects.joined()
    }

    private func json(_ verified: Attestation.Verified) -> JSON {
        [
            "verified": true, "payload_type": verified.payloadType.map { .string($0) } ?? .null,
            "statement": verified.statement?.json ?? .null,
            "not_checked": .array(verified.unchecked.map { .string($0) }),
        ]
    }
}
