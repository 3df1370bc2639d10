import Core

/// Judges `name = value` where neither has a format of its own: what the name means, and whether the value could be
/// random.
enum GenericAssignment {
    /// Parts of names that make a value public, structural or a reference.
    private static let harmlessNames: [[UInt8]] = [
        "public", "pubkey", "csrf", "xsrf", "foreign", "primary", "tokeniz", "max_token", "maxtoken", "next_token",
        "nexttoken",
        "pagetoken", "page_token", "continuation", "cancellation", "cancel_token", "synctoken", "token_type",
        "tokentype",
        "token_count", "tokencount", "placeholder", "keyboard", "keyword", "author", "hash", "digest", "checksum",
        "sitekey",
        "site_key", "recaptcha", "secret_name", "secretname", "secretref", "secret_arn", "secretarn", "vault",
        "integrity", "::",
    ].map { Array($0.utf8) }
    /// Ends of names that say the value is about the secret, not the secret.
    private static let harmlessEnds: [[UInt8]] = [
        "id", "ids", "name", "names", "url", "uri", "path", "file", "files", "filename", "dir", "field", "type",
        "length",
        "size", "count", "version", "format", "header", "prefix", "suffix", "endpoint", "class", "pattern", "regex",
        "label",
        "title", "text", "message", "error", "policy", "expiry", "expires", "ttl", "alias", "selector", "location",
        "host",
        "algorithm", "alg", "ref", "arn", "hint", "input", "env", "var", "state", "status", "time", "date", "kind",
        "store",
    ].map { Array($0.utf8) }
    /// Parts of values that are words of code or configuration.
    private static let words: [[UInt8]] = [
        "token", "secret", "passw", "apikey", "api_key", "api-key", "_key", "-key", "key_", "key-", "config", "string",
        "default", "value", "name", "null", "true", "false", "undefined", "function", "return", "class", "self.",
        "this.",
        "http", "local", "test", "process.", "env.", "var.", "data.", "request", "params", "error", "field", "version",
        "snapshot", "public", "private", "module", "schema", "object", "index", "input", "output", "import", "export",
        "user", "admin", "account", "service", "client", "server", "access", "auth", "encrypt", "credential", ".get",
        ".pem",
    ].map { Array($0.utf8) }

    private static let beforeShortEnds = ["token", "key", "secret", "credential", "credentials"].map { Array($0.utf8) }
    private static let passwordWords = ["pass", "pwd"].map { Array($0.utf8) }

    static func verdict(
        on value: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, at range: Range<Int>
    ) -> SecretCheck.Verdict {
        guard SecretCheck.hasLettersAndDigits(value), !holdsVersion(value) else { return .wrong }
        if Words.lowercased(value, { text in words.contains { Words.holds(text, $0) } }) { return .wrong }
        let name = UnsafeRawBufferPointer(rebasing: bytes[self.name(in: bytes, at: range.lowerBound)])
        return Words.lowercased(name) { name in
            if harmlessNames.contains(where: { Words.holds(name, $0) }) { return .wrong }
            if harmlessEnds.contains(where: { endsWord(name, $0) }) { return .wrong }
            let isPassword = passwordWords.contains { Words.holds(name, $0) }
            return isRandomEnough(value, isPassword: isPassword) ? .unknown : .wrong
        }
    }

    /// `1.2.3`, as in the name of a package.
    private static func holdsVersion(_ value: UnsafeRawBufferPointer) -> Bool {
        // 1: in a number; 2: in a second; 3: in a third. A point moves on, anything else starts over.
        var numbers = 0
        var isInNumber = false
        for byte in value {
            if (0x30...0x39).contains(byte) {
                if !isInNumber { numbers += 1 }
                isInNumber = true
                if numbers == 3 { return true }
            } else {
                if byte != UInt8(ascii: ".") || !isInNumber { numbers = 0 }
                isInNumber = false
            }
        }
        return false
    }

    /// The identifier around a position.
    private static func name(in bytes: UnsafeRawBufferPointer, at position: Int) -> Range<Int> {
        func isPart(_ byte: UInt8) -> Bool {
            Words.isPart(byte) || (0x2d...0x2e).contains(byte) || byte == UInt8(ascii: ":")
        }
        var start = position
        while start > 0, position - start < 48, isPart(bytes[start - 1]) { start -= 1 }
        var end = position
        while end < bytes.count, end - position < 64, isPart(bytes[end]), bytes[end] != UInt8(ascii: ":") { end += 1 }
        return start..<end
    }

    /// People choose passwords; machines make keys, and those are longer and nearer to noise.
    private static func isRandomEnough(_ value: UnsafeRawBufferPointer, isPassword: Bool) -> Bool {
        let entropy = Entropy.bitsPerByte(value)
        if isPassword { return entropy >= 2.75 }
        guard value.count >= 20 else { return false }
        return entropy >= 3.5
    }

    /// Whether the name ends with this word: `key_name`, `keyname`; short words only after a separator or a known part.
    private static func endsWord(_ name: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard name.count > word.count, Words.ends(name, word) else { return false }
        if word.count >= 4 { return true }
        let rest = UnsafeRawBufferPointer(rebasing: name.dropLast(word.count))
        if let before = rest.last, before == UInt8(ascii: "_") || !Words.isPart(before) { return true }
        return beforeShortEnds.contains { Words.ends(rest, $0) }
    }
}
