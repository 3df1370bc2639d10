import Core

/// The text of an API key: `gh_` id(8) `_` secret(43) check(6), 61 characters.
///
/// The id finds the key, the secret is 256 random bits in base64url, and the check is a CRC-32 of all before it in base
/// 62: a scanner knows a key by it, and a mistyped one is refused before anything is looked up.
struct KeyText: Sendable {
    static let prefix = "gh_"
    private static let idLength = 8
    private static let length = 61
    private static let idAlphabet = [UInt8]("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let checkAlphabet = [UInt8]("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    let id: String
    let text: String

    /// A new key.
    static func random() -> KeyText {
        var random = SystemRandomNumberGenerator()
        let id = (0..<idLength).map { _ in idAlphabet[Int(random.next(upperBound: UInt32(idAlphabet.count)))] }
        let name = String(decoding: id, as: UTF8.self)
        let body = "\(prefix)\(name)_\(RandomText.make())"
        return KeyText(id: name, text: body + String(decoding: check([UInt8](body.utf8)), as: UTF8.self))
    }

    private init(id: String, text: String) {
        self.id = id
        self.text = text
    }

    /// Nil when it has not the form of a key; says nothing about whether there is such a key.
    init?(_ text: String) {
        let bytes = [UInt8](text.utf8)
        guard bytes.count == Self.length, text.hasPrefix(Self.prefix), bytes[11] == UInt8(ascii: "_"),
            Self.check(bytes[..<55]).elementsEqual(bytes[55...])
        else { return nil }
        id = String(decoding: bytes[3..<11], as: UTF8.self)
        self.text = text
    }

    private static func check(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var rest = CRC32.of(bytes)
        var digits = [UInt8](repeating: 0, count: 6)
        for place in digits.indices.reversed() {
            digits[place] = checkAlphabet[Int(rest % 62)]
            rest /= 62
        }
        return digits
    }
}

/// 256 random bits from the system, as 43 characters of base64url.
enum RandomText {
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in random.next() as UInt64 }
        return Base64.encode(words.flatMap { word in withUnsafeBytes(of: word) { [UInt8]($0) } }, .url)
    }
}

/// CRC-32 as in ISO 3309 and zip.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in value >> 8 ^ table[Int((value ^ UInt32(byte)) & 255)] }
    }
}
