import Core

/// What a format tells beyond its shape.
public enum SecretCheck: Sendable, Hashable {
    /// The last six characters are the CRC-32 of what lies between prefix and checksum, in base 62 (GitHub, npm).
    case base62Checksum
    /// The last seven characters are the CRC-32 of what comes before, in base 36 (GitLab's routable tokens).
    case base36Checksum
    /// The last eight characters are a CRC-32 in hexadecimal (Grafana).
    case hexChecksum
    /// Bech32's checksum (BIP 173; age).
    case bech32
    /// Holds a JSON object in base64 with this member (1Password, Grafana Cloud, Sentry).
    case encodedObject(String)
    /// A macaroon in base64url (PyPI).
    case macaroon
    /// Begins with a number in base64 (Discord).
    case encodedNumber
    /// Not among the keys that Google has published in its samples.
    case unpublished
    /// The first segment is a JSON object in base64url that names an algorithm (RFC 7515).
    case jsonWebToken
    /// Holds a base64 body that begins like DER or OpenSSH's own format.
    case privateKey
    /// Both letters and digits: a word of a language is no key.
    case lettersAndDigits
    /// Base64 of `user:password` (RFC 7617).
    case basicCredentials
    /// Base64 in an object of Kubernetes whose kind was not said before.
    case kubernetesData
    /// The name it is assigned to means a secret, and the value looks like one.
    case genericAssignment

    enum Verdict: Sendable {
        case proven, unknown
        /// Reported, with low confidence: the shape is right and the checksum is not (a mistyped or made-up token).
        case doubtful
        /// Not a secret.
        case wrong
    }

    func verdict(on secret: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, at range: Range<Int>) -> Verdict {
        switch self {
        case .base62Checksum: TokenChecksum.isRight(secret) ? .proven : .doubtful
        case .base36Checksum: TokenStructure.hasBase36Checksum(secret) ? .proven : .unknown
        case .hexChecksum: TokenStructure.hasHexChecksum(secret) ? .proven : .unknown
        case .bech32: TokenStructure.isBech32(secret) ? .proven : .unknown
        case .encodedObject(let member): TokenStructure.holdsObject(secret, with: member) ? .proven : .unknown
        case .macaroon: TokenStructure.isMacaroon(secret) ? .proven : .unknown
        case .encodedNumber: TokenStructure.beginsWithNumber(secret) ? .proven : .unknown
        case .unpublished: PublishedKeys.holds(secret) ? .wrong : .unknown
        case .jsonWebToken: JSONWebTokenCheck.verdict(on: secret)
        case .privateKey: PrivateKeyCheck.verdict(on: secret)
        case .lettersAndDigits: SecretCheck.hasLettersAndDigits(secret) ? .unknown : .wrong
        case .basicCredentials: BasicCredentialsCheck.verdict(on: secret)
        case .kubernetesData: KubernetesDataCheck.verdict(on: secret, in: bytes, before: range.lowerBound)
        case .genericAssignment: GenericAssignment.verdict(on: secret, in: bytes, at: range)
        }
    }

    static func hasLettersAndDigits(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.contains { (0x30...0x39).contains($0) } && bytes.contains { (0x41...0x5a).contains($0 & 0xdf) }
    }
}

/// GitHub's and npm's tokens: `prefix_` + 30 random characters + 6 of checksum.
enum TokenChecksum {
    private static let alphabet = [UInt8]("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func isRight(_ token: UnsafeRawBufferPointer) -> Bool {
        guard let underscore = token.lastIndex(of: UInt8(ascii: "_")), token.count - underscore > 7 else {
            return false
        }
        let body = UnsafeRawBufferPointer(rebasing: token[(underscore + 1)..<(token.count - 6)])
        return token.suffix(6).elementsEqual(checksum(of: body))
    }

    static func checksum(of body: UnsafeRawBufferPointer) -> [UInt8] {
        var rest = Int(crc32(body))
        var digits = [UInt8](repeating: alphabet[0], count: 6)
        for index in digits.indices.reversed() {
            digits[index] = alphabet[rest % 62]
            rest /= 62
        }
        return digits
    }

    /// CRC-32 as of ISO 3309 (zip, Ethernet). Inputs are short: bit by bit does.
    static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

enum JSONWebTokenCheck {
    static func verdict(on token: UnsafeRawBufferPointer) -> SecretCheck.Verdict {
        let header = String(decoding: token.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
        guard let json = Base64.decode(header, .url), json.first == UInt8(ascii: "{"), json.last == UInt8(ascii: "}")
        else {
            return .doubtful
        }
        let text = String(decoding: json, as: UTF8.self)
        return text.contains(#""alg""#) || text.contains(#""enc""#) ? .proven : .doubtful
    }
}

enum PrivateKeyCheck {
    static func verdict(on body: UnsafeRawBufferPointer) -> SecretCheck.Verdict {
        // Headers (`Proc-Type: …`) and escapes may stand between; a base64 run of 24 characters is a key's.
        var run = 0
        for byte in body {
            let isBase64 =
                Words.isPart(byte) && byte != UInt8(ascii: "_") || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: "/")
            run = isBase64 ? run + 1 : 0
            if run >= 24 { return .proven }
        }
        return .wrong
    }
}

enum KubernetesDataCheck {
    /// Random letters of the right number are base64 as well; then what they say is hardly a text.
    static func verdict(
        on text: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, before place: Int
    ) -> SecretCheck.Verdict {
        guard text.count % 4 == 0, let plain = Base64.decode(String(decoding: text, as: UTF8.self)) else {
            return .wrong
        }
        let isText = plain.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a }
        guard isText || text.count >= 40 || text.last == UInt8(ascii: "=") else { return .wrong }
        let before = UnsafeRawBufferPointer(rebasing: bytes[max(0, place - 1500)..<place])
        return Words.holds(before, Array("kind:".utf8)) ? .wrong : .unknown
    }
}

enum BasicCredentialsCheck {
    static func verdict(on text: UnsafeRawBufferPointer) -> SecretCheck.Verdict {
        guard let plain = Base64.decode(String(decoding: text, as: UTF8.self)) else { return .doubtful }
        return plain.contains(UInt8(ascii: ":")) ? .proven : .doubtful
    }
}
