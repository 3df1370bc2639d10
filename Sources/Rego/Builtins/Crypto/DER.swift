internal import BigInt

/// One element of ASN.1 in DER (X.690): read strictly, never beyond its bytes.
struct DER {
    let tag: UInt8
    let content: ArraySlice<UInt8>
    /// With tag and length.
    let encoded: ArraySlice<UInt8>

    struct Malformed: Error {}

    enum Tag {
        static let boolean: UInt8 = 0x01, integer: UInt8 = 0x02, bits: UInt8 = 0x03, octets: UInt8 = 0x04
        static let identifier: UInt8 = 0x06, sequence: UInt8 = 0x30, set: UInt8 = 0x31
        static let universalTime: UInt8 = 0x17, generalizedTime: UInt8 = 0x18

        static func context(_ number: UInt8, constructed: Bool = true) -> UInt8 { (constructed ? 0xA0 : 0x80) | number }
    }

    /// The first element of the bytes, which it leaves.
    static func next(_ bytes: inout ArraySlice<UInt8>) throws(Malformed) -> DER {
        let start = bytes.startIndex
        guard bytes.count >= 2, bytes[start] & 0x1F != 0x1F else { throw Malformed() }
        var length = Int(bytes[start + 1])
        var header = 2
        if length >= 0x80 {
            let size = length & 0x7F
            guard (1...4).contains(size), bytes.count >= 2 + size, bytes[start + 2] != 0 else { throw Malformed() }
            length = bytes[(start + 2)..<(start + 2 + size)].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { throw Malformed() }
            header += size
        }
        guard bytes.count - header >= length else { throw Malformed() }
        let end = start + header + length
        let element = DER(tag: bytes[start], content: bytes[(start + header)..<end], encoded: bytes[start..<end])
        bytes = bytes[end...]
        return element
    }

    /// The one element that is all of the bytes.
    static func only(_ bytes: some Sequence<UInt8>, _ tag: UInt8? = nil) throws(Malformed) -> DER {
        var rest = Array(bytes)[...]
        let element = try next(&rest)
        guard rest.isEmpty, tag == nil || element.tag == tag else { throw Malformed() }
        return element
    }

    /// The elements within.
    func children() throws(Malformed) -> [DER] {
        var rest = content
        var children: [DER] = []
        while !rest.isEmpty { children.append(try DER.next(&rest)) }
        return children
    }

    /// Of a sequence.
    func members(atLeast count: Int = 0) throws(Malformed) -> [DER] {
        guard tag == Tag.sequence else { throw Malformed() }
        let members = try children()
        guard members.count >= count else { throw Malformed() }
        return members
    }

    func integer() throws(Malformed) -> BigInt {
        guard tag == Tag.integer, let first = content.first else { throw Malformed() }
        let magnitude = BigUInt(bytes: content)
        let value = BigInt(magnitude)
        return first < 0x80 ? value : value - (BigInt(1) << (content.count * 8))
    }

    /// The bytes of a non-negative integer without leading zeros.
    func magnitude() throws(Malformed) -> [UInt8] {
        guard tag == Tag.integer, let first = content.first, first < 0x80 else { throw Malformed() }
        return Array(content.drop { $0 == 0 })
    }

    func small() throws(Malformed) -> Int {
        guard let value = Int(exactly: try integer()) else { throw Malformed() }
        return value
    }

    func bool() throws(Malformed) -> Bool {
        guard tag == Tag.boolean, content.count == 1 else { throw Malformed() }
        return content.first != 0
    }

    func octets() throws(Malformed) -> [UInt8] {
        guard tag == Tag.octets else { throw Malformed() }
        return Array(content)
    }

    /// A text of whole bytes.
    func bits() throws(Malformed) -> [UInt8] {
        guard tag == Tag.bits, content.first == 0 else { throw Malformed() }
        return Array(content.dropFirst())
    }

    /// The parts of an object identifier.
    func identifier() throws(Malformed) -> [Int] {
        guard tag == Tag.identifier, !content.isEmpty, content.count <= 64, let last = content.last, last < 0x80 else {
            throw Malformed()
        }
        var parts: [Int] = []
        var value = 0
        for byte in content {
            guard value < 1 << 48 else { throw Malformed() }
            value = value << 7 | Int(byte & 0x7F)
            guard byte < 0x80 else { continue }
            if parts.isEmpty {
                let first = min(value / 40, 2)
                parts = [first, value - first * 40]
            } else {
                parts.append(value)
            }
            value = 0
        }
        return parts
    }

    /// `1.2.840.113549`
    func name() throws(Malformed) -> String { try identifier().map(String.init).joined(separator: ".") }

    /// Any of the string types; UTF-16 of BMPString included.
    var text: String {
        guard tag == 0x1E else { return GoText.decode(Array(content)) }
        let bytes = Array(content)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    /// Seconds since 1970.
    func time() throws(Malformed) -> Int {
        let isLong = tag == Tag.generalizedTime
        let digits = content.dropLast()
        guard isLong || tag == Tag.universalTime, content.last == UInt8(ascii: "Z"), digits.count == (isLong ? 14 : 12),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw Malformed() }
        let numbers = digits.map { Int($0 - 0x30) }
        func pair(_ at: Int) -> Int { numbers[at] * 10 + numbers[at + 1] }
        let start = isLong ? 4 : 2
        let year = isLong ? pair(0) * 100 + pair(2) : pair(0) >= 50 ? 1900 + pair(0) : 2000 + pair(0)
        let (month, day) = (pair(start), pair(start + 2))
        let (hour, minute, second) = (pair(start + 4), pair(start + 6), pair(start + 8))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else {
            throw Malformed()
        }
        return Calendar.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    }
}

extension BigUInt {
    /// Big-endian.
    init(bytes: some Sequence<UInt8>) {
        self = BigUInt(Hexadecimal.spell(bytes), radix: 16) ?? 0
    }
}

private enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func spell(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = [0x30]
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
