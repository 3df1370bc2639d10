import Core
import Crypto
import Formats
import Foundation
import Gate
import JSON
import Store
import Subprocess
import TestSupport
import Testing

@testable import Scan

/// Attestations, with keys and signatures of OpenSSL's and of the tools that others use.
@Suite struct AttestationTests {
    private struct Made {
        let folder = ScratchFolder()
        var key: String { folder.file("key.pem") }
        var publicKey: String { folder.file("pub.pem") }
        var file: String { folder.file("app.tar") }

        init(_ algorithm: String) throws {
            try Data("some content\n".utf8).write(to: URL(filePath: file))
            let options = algorithm == "p256" ? "EC -pkeyopt ec_paramgen_curve:P-256" : "ed25519"
            try shell(
                "openssl genpkey -algorithm \(options) -out key.pem && openssl pkey -in key.pem -pubout -out pub.pem")
            chmod(key, 0o600)
        }

        @discardableResult
        func shell(_ command: String) throws -> [UInt8] {
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "cd '\(folder.path)' && \(command) 2>/dev/null"]
            process.standardOutput = pipe
            try process.run()
            let out = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "\(command)")
            return [UInt8](out)
        }

        func verifyingKey() throws -> VerifyingKey {
            try VerifyingKey(pem: String(contentsOfFile: publicKey, encoding: .utf8))
        }

        func content() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: file))) }

        /// Through the tool, as a user of this machine asks.
        func attest(_ more: JSON = [:], isLocal: Bool = true, file: String? = nil) async throws -> JSON {
            var arguments: JSON = [
                "path": .string(file ?? self.file), "key": .string(key), "predicate": ["a": 1],
                "predicate_type": "https://example.org/p",
            ]
            if let object = more.object { for name in object.keys { arguments[name] = more[name] } }
            let store = try Store.open(path: folder.file("s.db"), migrations: Scan.migrations)
            let tool = AttestTool(findings: FindingsStore(store, version: "1"))
            #expect(try tool.effect(of: arguments) == .reveal)
            return try await AttestationTests.perform(tool, arguments, isLocal: isLocal)
        }
    }

    private static func perform(_ tool: AttestTool, _ arguments: JSON, isLocal: Bool) async throws -> JSON {
        let action = Action(id: "act_1", tool: AttestTool.id, target: "repo:x", arguments: arguments)
        return try await tool.perform(action, in: .ofAda(isLocal: isLocal)).value
    }

    @Test(arguments: ["p256", "ed25519"], ["dsse", "bundle"])
    func whatIsSignedIsVerified(_ algorithm: String, _ format: String) async throws {
        let made = try Made(algorithm)
        let answer = try await made.attest(["format": .string(format)])
        let attestation = try #require(answer["attestation"])
        let key = try made.verifyingKey()
        let verified = try Attestation(Array(attestation.text().utf8)).verify(with: key, subject: made.content())
        #expect(verified.statement?.predicate == ["a": 1])
        #expect(verified.statement?.subjects.map(\.name) == ["app.tar"])
        #expect(verified.unchecked.isEmpty)
        #expect(answer["key"]?.string == key.id)
        // Another file, another key, a changed payload.
        let read = try Attestation(Array(attestation.text().utf8))
        #expect(throws: GatehouseError.self) { try read.verify(with: key, subject: [1]) }
        let other = try Made(algorithm).verifyingKey()
        #expect(throws: GatehouseError.self) { try read.verify(with: other, subject: made.content()) }
        let envelope = attestation["dsseEnvelope"] ?? attestation
        var changed = try Envelope(envelope)
        changed.payload[changed.payload.count - 2] ^= 1
        #expect(!changed.isSigned(by: key))
        changed = try Envelope(envelope)
        changed.payloadType += "x"
        #expect(!changed.isSigned(by: key))
    }

    /// OpenSSL itself verifies what is signed, over DSSE's encoding.
    @Test func opensslAgrees() async throws {
        let made = try Made("p256")
        let envelope = try Envelope(try #require(try await made.attest()["attestation"]))
        try Data(envelope.signed).write(to: URL(filePath: made.folder.file("signed")))
        try Data(envelope.signatures[0].bytes).write(to: URL(filePath: made.folder.file("sig")))
        try made.shell("openssl dgst -sha256 -verify pub.pem -signature sig signed")
        #expect(envelope.signed.starts(with: Array("DSSEv1 28 application/vnd.in-toto+json ".utf8)))
    }

    /// `cosign sign-blob --key` writes the signature over the file in base64; its bundles hold the same with the digest.
    @Test func signaturesOverFilesAreVerified() throws {
        let made = try Made("p256")
        let signature = try made.shell("openssl dgst -sha256 -sign key.pem app.tar | base64")
        let (key, content) = (try made.verifyingKey(), try made.content())
        let plain = try Attestation(signature)
        #expect(try plain.verify(with: key, subject: content).statement == nil)
        #expect(throws: GatehouseError.self) { try plain.verify(with: key, subject: content + [0]) }
        #expect(throws: GatehouseError.self) { try plain.verify(with: key, subject: nil) }
        let text = String(decoding: signature, as: UTF8.self).filter { !$0.isWhitespace }
        let digest = Base64.encode(Array(SHA256.hash(data: content)))
        let bundle: JSON = [
            "mediaType": .string(SigstoreBundle.mediaType),
            "verificationMaterial": ["publicKey": ["hint": ""], "tlogEntries": [["logIndex": "1"]]],
            "messageSignature": [
                "messageDigest": ["algorithm": "SHA2_256", "digest": .string(digest)], "signature": .string(text),
            ],
        ]
        let verified = try Attestation(Array(bundle.text().utf8)).verify(with: key, subject: content)
        #expect(verified.unchecked == ["the bundle's entries of transparency logs were not looked at"])
        let older = try Attestation(Array((["base64Signature": .string(text)] as JSON).text().utf8))
        #expect(try older.verify(with: key, subject: content).statement == nil)
    }

    @Test(
        .enabled(if: Python.has("securesystemslib.dsse"), "pip install securesystemslib"),
        arguments: ["p256", "ed25519"])
    func securesystemslibAgrees(_ algorithm: String) async throws {
        let made = try Made(algorithm)
        let answer = try await made.attest()
        let program = """
            import json, sys
            from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
            from securesystemslib.dsse import Envelope
            from securesystemslib.signer import CryptoSigner, SSlibKey
            key, public, envelope, keyid = sys.argv[1:5]
            theirs = SSlibKey.from_crypto(load_pem_public_key(open(public, "rb").read()), keyid=keyid)
            ours = Envelope.from_dict(json.loads(envelope))
            assert len(ours.verify([theirs], 1)) == 1
            ours.payload += b" "
            try:
                ours.verify([theirs], 1)
                sys.exit("a changed payload verifies")
            except Exception as error:
                assert "VerificationError" in type(error).__name__, error
            made = Envelope(b"hello", "text/plain", {})
            made.sign(CryptoSigner(load_pem_private_key(open(key, "rb").read(), None)))
            print(json.dumps(made.to_dict()))
            """
        let result = try await Python.run(
            program, made.key, made.publicKey, answer["attestation"]?.text() ?? "", answer["key"]?.string ?? "")
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        let theirs = try Attestation(Array(result.standardOutput.utf8))
        let verified = try theirs.verify(with: made.verifyingKey(), subject: nil)
        #expect(verified.payloadType == "text/plain")
        #expect(verified.unchecked.count == 1)
    }

    @Test(
        .enabled(if: Python.has("sigstore_protobuf_specs"), "pip install sigstore-protobuf-specs in-toto-attestation"))
    func bundlesAndStatementsAreOfTheirSchemas() async throws {
        let made = try Made("p256")
        let answer = try await made.attest(["format": "bundle"])
        let program = """
            import base64, json, sys
            from google.protobuf import json_format
            from in_toto_attestation.v1 import statement_pb2
            from in_toto_attestation.v1.statement import Statement
            from sigstore_protobuf_specs.dev.sigstore.bundle.v1 import Bundle
            text = sys.argv[1]
            bundle = Bundle.from_dict(json.loads(text))
            assert bundle.verification_material.public_key.hint and bundle.media_type.endswith("v0.3+json")
            message = json_format.ParseDict(json.loads(bundle.dsse_envelope.payload), statement_pb2.Statement())
            Statement.copy_from_pb(message).validate()
            """
        let result = try await Python.run(program, answer["attestation"]?.text() ?? "")
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    @Test func keysAreForTheirOwnersAlone() async throws {
        let made = try Made("ed25519")
        chmod(made.key, 0o640)
        let shared = await #expect(throws: GatehouseError.self) { try await made.attest() }
        #expect(shared?.code == .denied)
        chmod(made.key, 0o600)
        symlink(made.key, made.folder.file("link.pem"))
        await #expect(throws: GatehouseError.self) {
            try await made.attest(["key": .string(made.folder.file("link.pem"))])
        }
        let far = await #expect(throws: GatehouseError.self) { try await made.attest(isLocal: false) }
        #expect(far?.code == .denied)
        let begin = ["-----BEGIN ", "PRIVATE KEY-----"].joined()
        await #expect(throws: GatehouseError.self) { try await made.attest(["key": .string(begin)]) }
        try made.shell("openssl pkey -in key.pem -aes256 -passout pass:x -out sealed.pem && chmod 600 sealed.pem")
        let sealed = await #expect(throws: GatehouseError.self) {
            try await made.attest(["key": .string(made.folder.file("sealed.pem"))])
        }
        #expect(sealed?.message.contains("password") == true)
    }

    /// A commit says what is in a repository only where nothing else is in it.
    @Test func repositoriesAreAttestedAtTheirCommit() async throws {
        let (made, tree) = (try Made("p256"), TestTree())
        tree.write("a.txt", "a")
        try await tree.git("init", "--quiet")
        await #expect(throws: GatehouseError.self) { try await made.attest(file: tree.root) }
        try await tree.commit("first")
        let answer = try await made.attest(file: tree.root)
        let commit = try await tree.git("rev-parse", "HEAD").filter { $0 != "\n" }
        #expect(answer["subject"]?["digest"]?["gitCommit"]?.string == commit)
        tree.write("a.txt", "b")
        await #expect(throws: GatehouseError.self) { try await made.attest(file: tree.root) }
    }

    @Test(arguments: [
        "{}", "[]", "\"a\"", "{\"payloadType\": \"t\", \"payload\": \"!\", \"signatures\": [{\"sig\": \"AA==\"}]}",
        "{\"payloadType\": \"t\", \"payload\": \"AA==\", \"signatures\": []}",
        "{\"mediaType\": \"application/vnd.dev.sigstore.bundle.v9+json\"}",
        "{\"mediaType\": \"application/vnd.dev.sigstore.bundle.v0.3+json\", \"messageSignature\": {\"signature\": \"AA==\"}}",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(throws: GatehouseError.self) { try Attestation(Array(text.utf8)) }
    }

    @Test func damagedAttestationsAreRefused() async throws {
        let made = try Made("p256")
        let bytes = Array(try await made.attest(["format": "bundle"])["attestation"]?.text().utf8 ?? "".utf8)
        let (key, content) = (try made.verifyingKey(), try made.content())
        var random = SeededRandom(seed: 3)
        for _ in 0..<400 {
            var damaged = bytes
            damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let read = try? Attestation(damaged), let verified = try? read.verify(with: key, subject: content)
            else { continue }
            // What is outside of the signature may change; what was said may not.
            #expect(verified.statement?.predicate == ["a": 1])
        }
    }
}
