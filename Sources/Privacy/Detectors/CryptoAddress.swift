import Crypto

/// Addresses of the large chains: base58check (Bitcoin and kin), bech32 (BIP 173, BIP 350), and Ethereum's form.
enum CryptoAddress {
    static func isOne(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        let text = UnsafeRawBufferPointer(rebasing: bytes[range])
        switch text[0] {
        case UInt8(ascii: "0"):
            return text.count == 42 && text[1] == UInt8(ascii: "x") && text.dropFirst(2).allSatisfy(\.isHexDigit)
        case UInt8(ascii: "1"), UInt8(ascii: "3"), UInt8(ascii: "L"), UInt8(ascii: "M"), UInt8(ascii: "D"),
            UInt8(ascii: "T"):
            return text.count <= 36 && isBase58Check(text)
        case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "l"), UInt8(ascii: "t"): return isBech32(text)
        default: return false
        }
    }

    private static let base58: [Int8] = table("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
    private static let base32: [Int8] = table("qpzry9x8gf2tvdw0s3jn54khce6mua7l")

    private static func table(_ alphabet: StaticString) -> [Int8] {
        var table = [Int8](repeating: -1, count: 256)
        alphabet.withUTF8Buffer { for (index, byte) in $0.enumerated() { table[Int(byte)] = Int8(index) } }
        return table
    }

    /// Version byte, 20 bytes of hash, four bytes of a double SHA-256.
    static func isBase58Check(_ text: UnsafeRawBufferPointer) -> Bool {
        var value = [UInt8](repeating: 0, count: 25)
        for byte in text {
            var carry = Int(base58[Int(byte)])
            guard carry >= 0 else { return false }
            for index in value.indices.reversed() {
                carry += Int(value[index]) * 58
                value[index] = UInt8(carry & 0xff)
                carry >>= 8
            }
            guard carry == 0 else { return false }
        }
        let twice = SHA256.hash(data: Array(SHA256.hash(data: value[..<21])))
        return twice.prefix(4).elementsEqual(value[21...])
    }

    static func isBech32(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count <= 90, let separator = text.lastIndex(of: UInt8(ascii: "1")), separator >= 2,
            text.count - separator > 7
        else { return false }
        let prefix = text[..<separator].map { Words.lowercased($0) }
        guard ["bc", "tb", "ltc"].contains(where: { $0.utf8.elementsEqual(prefix) }) else { return false }
        let check = bech32Remainder(text, separator)
        return check == 1 || check == 0x2bc8_30a3
    }

    /// What the checksum comes to: 1 for bech32, another constant for bech32m. Nil for a character of neither.
    static func bech32Remainder(_ text: UnsafeRawBufferPointer, _ separator: Int) -> Int? {
        let prefix = text[..<separator].map { Words.lowercased($0) }
        var values = prefix.map { Int($0 >> 5) } + [0] + prefix.map { Int($0 & 31) }
        for byte in text[(separator + 1)...] {
            let value = base32[Int(Words.lowercased(byte))]
            guard value >= 0 else { return nil }
            values.append(Int(value))
        }
        return polymod(values)
    }

    private static func polymod(_ values: [Int]) -> Int {
        let generators = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        return values.reduce(1) { check, value in
            let top = check >> 25
            let next = (check & 0x1ff_ffff) << 5 ^ value
            return generators.indices.reduce(next) { top >> $1 & 1 == 1 ? $0 ^ generators[$1] : $0 }
        }
    }
}
