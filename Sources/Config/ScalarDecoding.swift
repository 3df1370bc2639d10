import Core

extension Decoder {
    /// Single values: references are followed first, then the text is read by its kind.
    mutating func scalar(_ raw: RawNode, _ kind: Kind, _ path: String) -> ConfigValue? {
        guard case .scalar(let scalar) = raw else { return wrongShape(raw, kind.phrase, path) }
        let readsFiles = if case .secret = kind { true } else if case .string = kind { true } else { false }
        guard let answer = references.resolve(scalar, path, readsFiles: readsFiles, &problems) else { return nil }
        let text = answer.text
        let isBare = scalar.isPlain || answer.isReferenced
        switch kind {
        case .string: return .string(text)
        case .secret: return secret(answer, scalar, path)
        case .int(let range): return integer(text, range, isBare, scalar, path)
        case .bool: return boolean(text, isBare, scalar, path)
        case .enumeration(let cases):
            if cases.contains(text) { return .string(text) }
            return refuse(
                text, "is none of \(cases.joined(separator: ", "))", answer, scalar, path,
                hint: Suggestion.nearest(to: text, among: cases).map { "did you mean \"\($0)\"?" })
        case .duration:
            if let duration = Units.duration(text) { return .duration(duration) }
            return refuse(
                text, "is not a duration", answer, scalar, path,
                hint: "write for example 30s, 5m, 2h, 90_days or 1_year")
        case .bytes:
            if let bytes = Units.bytes(text) { return .bytes(bytes) }
            return refuse(text, "is not a size", answer, scalar, path, hint: "write for example 512, 64KiB or 10MB")
        case .money:
            if let money = Units.money(text) { return .money(money) }
            return refuse(
                text, "is not an amount of money", answer, scalar, path, hint: "write for example 5 USD or 12.50 EUR")
        case .url:
            if WebAddress.isValid(text) { return .string(text) }
            return refuse(
                text, "is not an http or https address", answer, scalar, path,
                hint: "write for example https://example.org/path, with no user or password in it")
        case .list, .map, .object, .oneOf, .removed: return nil
        }
    }

    private mutating func secret(_ answer: References.Answer, _ scalar: RawNode.Scalar, _ path: String) -> ConfigValue?
    {
        guard !answer.text.isEmpty else {
            problems.error(scalar.place, path, "the secret is empty")
            return nil
        }
        if !answer.isReferenced {
            problems.warn(
                scalar.place, path, "the secret stands in the file itself", hint: "write ${NAME} or file:/path instead")
        }
        return .secret(Secret(answer.text))
    }

    private mutating func integer(
        _ text: String, _ range: ClosedRange<Int>, _ isBare: Bool, _ scalar: RawNode.Scalar, _ path: String
    ) -> ConfigValue? {
        guard isBare, let number = Int(text) else {
            problems.error(
                scalar.place, path, "an integer is expected here", hint: "write it in decimal and without quotes")
            return nil
        }
        guard range.contains(number) else {
            problems.error(scalar.place, path, "the number lies outside \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return .int(number)
    }

    private mutating func boolean(
        _ text: String, _ isBare: Bool, _ scalar: RawNode.Scalar, _ path: String
    ) -> ConfigValue? {
        if isBare, text == "true" || text == "false" { return .bool(text == "true") }
        problems.error(
            scalar.place, path, "true or false is expected here",
            hint: "only these two, without quotes: not yes, no, on or off")
        return nil
    }

    /// Quotes what was written, save when it came from a reference.
    private mutating func refuse(
        _ text: String, _ reason: String, _ answer: References.Answer, _ scalar: RawNode.Scalar, _ path: String,
        hint: String?
    ) -> ConfigValue? {
        let subject = answer.isReferenced ? "the value that is referred to" : "\"\(text.prefix(64))\""
        problems.error(scalar.place, path, "\(subject) \(reason)", hint: hint)
        return nil
    }
}

extension Kind {
    /// How a message calls it.
    var phrase: String {
        switch self {
        case .string, .enumeration, .secret: "text"
        case .int: "an integer"
        case .bool: "true or false"
        case .duration: "a duration"
        case .bytes: "a size"
        case .money: "an amount of money"
        case .url: "an address"
        case .list: "a list"
        case .map, .object: "a mapping"
        case .oneOf(let kinds): kinds.map(\.phrase).joined(separator: " or ")
        case .removed: "nothing"
        }
    }
}

/// An absolute http(s) address with a host, without user information, spaces and control characters. Hosts in other
/// scripts are taken as they stand; whether one exists shows when it is called.
public enum WebAddress {
    /// Whether nobody on the way can read what is sent to an address: https, or http to this machine.
    public static func isPrivate(_ text: String) -> Bool {
        let lowered = text.lowercased()
        if lowered.hasPrefix("https://") { return true }
        guard lowered.hasPrefix("http://") else { return false }
        let authority = lowered.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return false }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "[::1]"].contains(String(host))
    }

    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f && !forbidden.contains($0) })
        else { return false }
        let lowered = text.prefix(8).lowercased()
        let start = lowered.hasPrefix("https://") ? 8 : lowered.hasPrefix("http://") ? 7 : 0
        guard start > 0 else { return false }
        let authority = text.dropFirst(start).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return false }
        return hasHost(authority)
    }

    private static let forbidden = [UInt8]("\"<>\\".utf8)

    private static func hasHost(_ authority: Substring) -> Bool {
        var rest = authority
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard !address.isEmpty, address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
        } else {
            let host = rest.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { return false }
            rest = rest.dropFirst(host.count)
        }
        if rest.isEmpty { return true }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()) else { return false }
        return port > 0
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
