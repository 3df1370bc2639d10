public import JSON

extension TokenRestorer {
    /// Puts values back in all texts of a value, as plain text; keys stay.
    ///
    /// - Returns: nil where there is nothing to restore; else the value, and the tokens that stood in it.
    public static func restore(
        _ value: JSON, from vault: TokenVault, options: Options = Options()
    ) -> (value: JSON, tokens: Set<String>)? {
        guard !vault.isEmpty else { return nil }
        var tokens: Set<String> = []
        let restored = restored(value, vault, options, &tokens)
        return tokens.isEmpty ? nil : (restored, tokens)
    }

    private static func restored(
        _ value: JSON, _ vault: TokenVault, _ options: Options, _ tokens: inout Set<String>
    ) -> JSON {
        switch value {
        case .string(let text):
            let bytes = Array(text.utf8)
            guard let restored = restore(bytes, from: vault, options: options) else { return value }
            tokens.formUnion(known(in: bytes, vault))
            return .string(String(decoding: restored, as: UTF8.self))
        case .array(let elements): return .array(elements.map { restored($0, vault, options, &tokens) })
        case .object(let members):
            var out = JSONObject()
            for (key, member) in members { out[key] = restored(member, vault, options, &tokens) }
            return .object(out)
        case .null, .bool, .number: return value
        }
    }

    private static func known(in text: [UInt8], _ vault: TokenVault) -> [String] {
        text.withUnsafeBytes { bytes in
            var tokens: [String] = []
            Bytes.forEach(UInt8(ascii: "<"), in: bytes) { index in
                guard let end = TokenName.read(bytes, at: index)?.end else { return }
                let token = String(decoding: bytes[index..<end], as: UTF8.self)
                if vault.value(of: token) != nil { tokens.append(token) }
            }
            return tokens
        }
    }
}
