import Core
import TestSupport
import Testing

@testable import Ledger

@Suite struct NoteTests {
    /// The example of https://c2sp.org/signed-note.
    private let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private let note = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """
    private let key: SigningKey

    init() throws { key = try SigningKey(name: "log.example/test", seed: [UInt8](repeating: 3, count: 32)) }

    @Test func theExampleOfTheSpecification() throws {
        let key = try VerifierKey(parsing: vkey)
        #expect(key.description == vkey)
        let parsed = try SignedNote(parsing: Array(note.utf8))
        #expect(parsed.description == note)
        #expect(try parsed.text(verifiedBy: [key]) == "This is an example message.\n")
        #expect(parsed.trust([self.key.verifierKey]) == .unknownKeys)
    }

    @Test func anAlteredTextIsABadSignature() throws {
        let altered = note.replacing("example message", with: "exemple message")
        let parsed = try SignedNote(parsing: Array(altered.utf8))
        #expect(parsed.trust([try VerifierKey(parsing: vkey)]) == .badSignature(name: "example.com/foo"))
        #expect(throws: GatehouseError.self) { try parsed.text(verifiedBy: [try VerifierKey(parsing: vkey)]) }
    }

    @Test func signaturesOfOthersAreIgnored() throws {
        let other = try SigningKey(name: "witness.example", seed: [UInt8](repeating: 9, count: 32))
        let note = try SignedNote(text: "text\n\nmore\n", signedBy: [other, key])
        let parsed = try SignedNote(parsing: Array(note.description.utf8))
        #expect(parsed.signatures.count == 2)
        #expect(try parsed.text(verifiedBy: [key.verifierKey]) == "text\n\nmore\n")
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n\n", "text\n— a AAAAAAE=\n", "text\n\n— a AAAAAAE=",
        "text\n\n- a AAAAAAE=\n",
        "text\n\n— a AAAAAA==\n", "text\n\n— a b AAAAAAE=\n", "text\n\n—  AAAAAAE=\n", "text\n\n— a+b AAAAAAE=\n",
        "te\rxt\n\n— a AAAAAAE=\n",
        "te\txt\n\n— a AAAAAAE=\n", "text\n\n— a\u{2003}b AAAAAAE=\n", "text\n\n— a AAAAAAE\n",
        "text\n\n— a AAAAAAF=\n", "text\n\n— a AAAAAAE= \n",
        "text\n\n— a\n", "text\n\n— a AAAAAAE=\nx\n",
    ])
    func malformedNotesAreRefused(_ text: String) {
        #expect(throws: GatehouseError.self) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test func invalidUTF8AndTooMuchAreRefused() {
        #expect(throws: GatehouseError.self) { try SignedNote(parsing: [0xFF] + Array("text\n\n— a AAAAAAE=\n".utf8)) }
        let line = "— a AAAAAAE=\n"
        #expect(throws: Never.self) {
            try SignedNote(parsing: Array(("t\n\n" + String(repeating: line, count: 100)).utf8))
        }
        #expect(throws: GatehouseError.self) {
            try SignedNote(parsing: Array(("t\n\n" + String(repeating: line, count: 101)).utf8))
        }
        let large = [UInt8](repeating: 0x61, count: SignedNote.maximumBytes + 1)
        #expect { try SignedNote(parsing: large) } throws: { ($0 as? GatehouseError)?.code == .tooLarge }
    }

    @Test func checkpointsAreStrict() throws {
        let checkpoint = Checkpoint(
            origin: "log.example/test", size: 3, root: MerkleTree.emptyRoot, extensions: ["more"])
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
        let root = Base64.encode(MerkleTree.emptyRoot.bytes)
        for text in [
            "o\n3\n\(root)", "o\n03\n\(root)\n", "o\n+3\n\(root)\n", "o\n-1\n\(root)\n", "\n3\n\(root)\n",
            "o\n3\nAAAA\n", "o\n3\n",
            "o\n18446744073709551616\n\(root)\n", "o\n3\n\(root)\n\n", "o\n3\n\(root)\n\nx\n",
        ] {
            #expect(throws: GatehouseError.self) { try Checkpoint(parsing: text) }
        }
    }

    @Test func keysHaveTextForms() throws {
        let again = try SigningKey(parsing: key.text)
        #expect(again.verifierKey == key.verifierKey)
        #expect(try VerifierKey(parsing: key.verifierKey.description) == key.verifierKey)
        #expect(!"\(key.text)".contains("PRIVATE"))
        for text in [
            "", "a", "a+b", "a+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "a+zz+AQ==", vkey + "A",
        ] {
            #expect(throws: GatehouseError.self) { try VerifierKey(parsing: text) }
        }
    }

    @Test func aKeyFileIsMadeOnceAndKeptFromOthers() throws {
        let folder = ScratchFolder()
        let path = folder.path + "/key"
        let made = try SigningKey.load(path: path, creating: "log.example/test")
        #expect(try SigningKey.load(path: path, creating: "other").verifierKey == made.verifierKey)
        #expect(try DiskFile.open(path, .read).status().mode & 0o777 == 0o600)
        try folder.change(mode: 0o644, of: "key")
        #expect { try SigningKey.load(path: path, creating: "other") } throws: {
            ($0 as? GatehouseError)?.code == .denied
        }
    }

    /// Whatever is done to a note, reading it ends in a note or an error, and what is read writes back as it was.
    @Test func randomMutationsNeverCrash() throws {
        var random = SeededRandom(seed: 20_261_121)
        let start = Array(try SignedNote(text: "a\nb\n\nc\n", signedBy: [key]).description.utf8)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        while clock.now < end {
            for _ in 0..<100 {
                var bytes = start
                for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
                guard let note = try? SignedNote(parsing: bytes) else { continue }
                #expect(Array(note.description.utf8) == bytes)
                _ = try? Checkpoint(parsing: note.text)
                #expect(bytes == start || note.trust([key.verifierKey]) != .verified || note.text == "a\nb\n\nc\n")
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard let index = bytes.indices.randomElement(using: &random) else { return bytes.append(10) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert([10, 32, 0x2B, 0xE2, 0].randomElement(using: &random) ?? 10, at: index)
        case 3: bytes.removeSubrange(index...)
        default: bytes.insert(contentsOf: bytes[index...], at: index)
        }
    }
}
