import Ledger

/// What must hold of any bytes given as a signed note. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNote(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    if let key = try? VerifierKey(parsing: text) {
        require((try? VerifierKey(parsing: key.description)) == key, "a key writes as it reads")
    }
    if let checkpoint = try? Checkpoint(parsing: text) {
        require(checkpoint.text == text, "a checkpoint has one spelling")
    }
    guard let note = try? SignedNote(parsing: bytes) else { return 0 }
    require(Array(note.description.utf8) == bytes, "a note writes as it reads")
    require(!note.signatures.isEmpty, "a note is signed")
    require(note.text.utf8.last == 0x0A, "a note's text ends in a newline")
    guard let stranger else { return 0 }
    require(note.trust([stranger]) != .verified, "nobody signs for a key that was never used")
    return 0
}

/// The public key of RFC 8032's first test, under a name that the corpus may learn.
private let stranger = try? VerifierKey(
    name: "log.example/test",
    publicKey: [
        0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A, 0x0E, 0xE1,
        0x72, 0xF3,
        0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
    ])

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
