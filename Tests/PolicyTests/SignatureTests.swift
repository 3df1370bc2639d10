import Core
import Crypto
import CryptoExtras
import JSON
import Policy
import Rego
import TestSupport
import Testing

@Suite struct SignatureTests {
    static let bundle = Bundle(
        manifest: .init(revision: "1", roots: ["a"]), modules: [PolicyModule(path: "a/x.rego", text: "package a")],
        data: ["a": ["n": 1]])

    struct Pair: Sendable, CustomTestStringConvertible {
        let algorithm: String
        let secret: Secret
        let open: Secret
        var testDescription: String { algorithm }
    }

    static let pairs: [Pair] = {
        let shared = Secret(String(repeating: "s", count: 64))
        let p256 = P256.Signing.PrivateKey()
        let p384 = P384.Signing.PrivateKey()
        let p521 = P521.Signing.PrivateKey()
        let ed = Curve25519.Signing.PrivateKey()
        let jwk =
            "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"\(Base64.encode(ed.publicKey.rawRepresentation, .url))\""
        var pairs = ["HS256", "HS384", "HS512"].map { Pair(algorithm: $0, secret: shared, open: shared) }
        pairs.append(
            Pair(
                algorithm: "ES256", secret: Secret(p256.pemRepresentation),
                open: Secret(p256.publicKey.pemRepresentation)))
        pairs.append(
            Pair(
                algorithm: "ES384", secret: Secret(p384.pemRepresentation),
                open: Secret(p384.publicKey.pemRepresentation)))
        pairs.append(
            Pair(
                algorithm: "ES512", secret: Secret(p521.pemRepresentation),
                open: Secret(p521.publicKey.pemRepresentation)))
        pairs.append(
            Pair(
                algorithm: "EdDSA", secret: Secret(jwk + ", \"d\": \"\(Base64.encode(ed.rawRepresentation, .url))\"}"),
                open: Secret(jwk + "}")))
        if let rsa = try? _RSA.Signing.PrivateKey(keySize: .bits2048) {
            for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
                pairs.append(
                    Pair(
                        algorithm: algorithm, secret: Secret(rsa.pemRepresentation),
                        open: Secret(rsa.publicKey.pemRepresentation)))
            }
        }
        return pairs
    }()

    private func reader(_ pair: Pair, id: String = "k1", scope: String = "", excluding: [String] = []) -> BundleReader {
        BundleReader(
            verification: BundleVerification(
                keys: [id: .init(pair.open, algorithm: pair.algorithm)], scope: scope, excludedFiles: excluding))
    }

    private func signing(_ pair: Pair, scope: String = "") -> BundleSigning {
        BundleSigning(pair.secret, keyID: "k1", algorithm: pair.algorithm, scope: scope)
    }

    @Test func everyAlgorithmHasItsTest() { #expect(Set(Self.pairs.map(\.algorithm)) == Set(SignedToken.algorithms)) }

    @Test(arguments: pairs) func signedBundlesAreRead(_ pair: Pair) throws {
        let archive = try BundleWriter(signing: signing(pair, scope: "write")).build(Self.bundle)
        #expect(try reader(pair, scope: "write").read(archive: archive) == Self.bundle)
        #expect(failure { _ = try reader(pair).read(archive: archive) }?.message.contains("scope") == true)
        #expect(failure { _ = try reader(pair, id: "other", scope: "write").read(archive: archive) }?.code == .denied)
        #expect(failure { _ = try BundleReader().read(archive: archive) }?.code == .denied)
        var careless = BundleReader()
        careless.ignoresSignatures = true
        #expect(try careless.read(archive: archive) == Self.bundle)
        let unsigned = try BundleWriter().build(Self.bundle)
        #expect(failure { _ = try reader(pair).read(archive: unsigned) }?.message.contains("not signed") == true)
    }

    @Test func anotherKeyOrAlgorithmIsRefused() throws {
        let hs = try #require(Self.pairs.first)
        let archive = try BundleWriter(signing: signing(hs)).build(Self.bundle)
        let other = Pair(algorithm: "HS256", secret: Secret("x"), open: Secret("other secret"))
        let error = failure { _ = try reader(other).read(archive: archive) }
        #expect(error?.code == .denied)
        #expect(error?.description.contains("other secret") == false)
        // A public key that is known to all must not pass as the secret of an HMAC.
        let es = try #require(Self.pairs.first { $0.algorithm == "ES256" })
        let forged = BundleSigning(es.open, keyID: "k1", algorithm: "HS256")
        let forgery = try BundleWriter(signing: forged).build(Self.bundle)
        #expect(failure { _ = try reader(es).read(archive: forgery) }?.code == .denied)
        #expect(failure { _ = try BundleWriter(signing: .init(es.open, algorithm: "ES256")).build(Self.bundle) } != nil)
    }

    // MARK: Files

    private func signedFolder(_ pair: Pair) throws -> ScratchFolder {
        let tree = ScratchFolder()
        try tree.write(".manifest", #"{"roots": ["a"]}"#)
        try tree.write("a/x.rego", "package a")
        try tree.write("a/data.json", #"{"n": 1.50, "<b>": "é\u2028\"\\"}"#)
        try tree.write("a/more/data.yaml", "x: [1, two]")
        try tree.write(".signatures.json", try signing(pair).signatures(forFolder: tree.path))
        return tree
    }

    @Test func foldersAreVerified() throws {
        let pair = try #require(Self.pairs.first)
        let tree = try signedFolder(pair)
        #expect(try reader(pair).read(folder: tree.path).modules.count == 1)
        // White space and order do not count in what is structured.
        try tree.write("a/data.json", #"{ "<b>": "\u00e9\u2028\"\\", "n":1.50 }"#)
        #expect(try reader(pair).read(folder: tree.path).data["a"]?["n"] == 1.5.regoValue)
        try tree.write("a/data.json", #"{ "<b>": "\u00e9\u2028\"\\", "n":2 }"#)
        #expect(failure { _ = try reader(pair).read(folder: tree.path) }?.message.contains("a/data.json") == true)
    }

    @Test func whatIsAddedOrMissingIsRefused() throws {
        let pair = try #require(Self.pairs.first)
        var tree = try signedFolder(pair)
        try tree.write("notes.txt", "anything")
        #expect(failure { _ = try reader(pair).read(folder: tree.path) }?.message.contains("notes.txt") == true)
        #expect(try reader(pair, excluding: ["*.txt"]).read(folder: tree.path).modules.count == 1)
        tree = try signedFolder(pair)
        run("rm", "\(tree.path)/a/data.json")
        #expect(failure { _ = try reader(pair).read(folder: tree.path) }?.message.contains("a/data.json") == true)
        tree = try signedFolder(pair)
        try tree.write("a/x.rego", "package a ")
        #expect(failure { _ = try reader(pair).read(folder: tree.path) }?.message.contains("a/x.rego") == true)
        try tree.write(".signatures.json", #"{"signatures": []}"#)
        #expect(failure { _ = try reader(pair).read(folder: tree.path) }?.code == .denied)
    }

    /// Whatever is done to a signed archive: it is refused, or says what was signed.
    @Test(.timeLimit(.minutes(1))) func damageNeverPassesForSigned() throws {
        let pair = try #require(Self.pairs.first)
        let reader = reader(pair)
        let archive = try BundleWriter(signing: signing(pair)).build(Self.bundle)
        let tar = try GzipText.decompress(archive, limit: 1 << 20)
        var random = SeededRandom(seed: 7)
        var (refused, passed) = (0, 0)
        let end = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < end {
            var bytes = tar
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8(ascii: " ")
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                default: bytes.removeSubrange((at / 512 * 512)..<(at / 512 * 512 + 512))
                }
            }
            HandmadeTar.fixChecksums(of: &bytes)
            guard let read = try? reader.read(archive: bytes) else {
                refused += 1
                continue
            }
            passed += 1
            #expect(read == Self.bundle)
        }
        #expect(refused > 0 && passed > 0)
    }

    /// Digests of structured files, computed by another program from OPA's description.
    @Test func digestsAreOPAs() throws {
        let tree = ScratchFolder()
        try tree.write("data.json", #"{"b": [1, 2.50, null], "a": {"z": "<é>", "y": true}}"#)
        try tree.write(
            "check.py",
            """
            import json, hashlib, sys
            canon = '{"a":{"y":true,"z":"<\\u00e9>"},"b":[1,2.50,null]}'.encode()
            token = json.load(open(sys.argv[1] + '/s.json'))['signatures'][0]
            import base64
            part = token.split('.')[1]
            files = json.loads(base64.urlsafe_b64decode(part + '=' * (-len(part) % 4)))['files']
            found = [f['hash'] for f in files if f['name'] == 'data.json']
            sys.exit(0 if found == [hashlib.sha256(canon).hexdigest()] else 1)
            """)
        let pair = try #require(Self.pairs.first)
        try tree.write("s.json", try signing(pair).signatures(forFolder: tree.path))
        #expect(run("python3", "\(tree.path)/check.py", tree.path) == 0)
    }
}

extension Double {
    fileprivate var regoValue: RegoValue? { RegoNumber(self).map { .number($0) } }
}
