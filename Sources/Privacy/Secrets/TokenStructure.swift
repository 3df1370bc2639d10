import Core

/// What the inside of a token proves. A token that fails these checks is still of the right shape, and reported as such:
/// issuers change what they put in.
enum TokenStructure {
    /// GitLab's routable tokens end in seven digits of base 36: the CRC-32 of all that comes before.
    static func hasBase36Checksum(_ token: UnsafeRawBufferPointer) -> Bool {
        guard token.count > 7 else { return false }
        let body = UnsafeRawBufferPointer(rebasing: token.dropLast(7))
        let digits = String(TokenChecksum.crc32(body), radix: 36)
        let padded = String(repeating: "0", count: 7 - digits.utf8.count) + digits
        return token.suffix(7).elementsEqual(padded.utf8)
    }

    /// Grafana's service account tokens end in eight hexadecimal digits: the CRC-32 of what comes before, or of the part
    /// between the underscores, in either byte order.
    static func hasHexChecksum(_ token: UnsafeRawBufferPointer) -> Bool {
        guard token.count > 9, token[token.count - 9] == UInt8(ascii: "_") else { return false }
        guard let stated = UInt32(String(decoding: token.suffix(8), as: UTF8.self), radix: 16) else { return false }
        let body = UnsafeRawBufferPointer(rebasing: token.dropLast(9))
        let start = body.firstIndex(of: UInt8(ascii: "_")).map { $0 + 1 } ?? 0
        return [body, UnsafeRawBufferPointer(rebasing: body[start...])].contains {
            let checksum = TokenChecksum.crc32($0)
            return checksum == stated || checksum.byteSwapped == stated
        }
    }

    /// A segment in base64 between underscores that is a JSON object with this member.
    static func holdsObject(_ token: UnsafeRawBufferPointer, with member: String) -> Bool {
        let segments = token.split(separator: UInt8(ascii: "_"))
        guard segments.count > 1, let json = decoded(segments[1]), json.first == UInt8(ascii: "{") else { return false }
        return json.withUnsafeBytes { Words.holds($0, Array("\"\(member)\"".utf8)) }
    }

    /// PyPI's tokens are macaroons in version 2's binary format: they end in a signature, field 6 with 32 bytes.
    static func isMacaroon(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let dash = token.firstIndex(of: UInt8(ascii: "-")), let bytes = decoded(token[(dash + 1)...]) else {
            return false
        }
        return bytes.count > 36 && bytes.first == 2 && bytes.suffix(34).starts(with: [6, 32])
    }

    /// The first segment of a Discord token is the bot's number in base64.
    static func beginsWithNumber(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let number = decoded(token.prefix { $0 != UInt8(ascii: ".") }) else { return false }
        return (15...20).contains(number.count) && number.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// age writes its keys in Bech32 (BIP 173), whose checksum is part of it.
    static func isBech32(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let separator = text.lastIndex(of: UInt8(ascii: "1")), separator > 0 else { return false }
        return CryptoAddress.bech32Remainder(text, separator) == 1
    }

    /// Base64 of either alphabet, with or without padding.
    private static func decoded(_ text: Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
        let plain = text.prefix { $0 != UInt8(ascii: "=") }.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return Base64.decode(String(decoding: plain, as: UTF8.self), .url)
    }
}
