/// What is being dropped, because it was open for longer than it may be held back.
enum Withholding: Sendable {
    case nothing
    /// The rest of a word: of a web address, of something encoded.
    case word
    /// A private key is held back whole; nothing is looked at again before it may have ended.
    case key(waitingFrom: Int)
    /// The rest of a private key that was too long.
    case keyRest

    static let kind = PrivacyKind("WITHHELD")
    static let mark = PrivacyFilter.redaction(kind)

    /// Past what is dropped; what follows it passes again.
    mutating func skip(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        switch self {
        case .nothing, .key: return start
        case .word: while index < bytes.count, Withholding.isPartOfWord(bytes[index]) { index += 1 }
        case .keyRest: while index < bytes.count, Withholding.isPartOfKey(bytes[index]) { index += 1 }
        }
        if index < bytes.count { self = .nothing }
        return index
    }

    /// Whether nothing has come that could end a private key.
    func isWaiting(_ bytes: [UInt8]) -> Bool {
        guard case .key(let from) = self else { return false }
        return !bytes[min(from, bytes.count)...].contains(UInt8(ascii: "-"))
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
    }

    private static func isPartOfKey(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == 0x0a || byte == 0x0d || "+/=\\".utf8.contains(byte)
    }
}
