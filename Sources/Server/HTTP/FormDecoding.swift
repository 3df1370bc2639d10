import Web

/// Names and values of a query string or an `application/x-www-form-urlencoded` body. Of values with one name the
/// first counts.
struct FormValues: Sendable, Hashable {
    private var values: [String: String] = [:]

    init() {}

    /// Nil when an escape is broken or a decoded text is not UTF-8: such a text can be read in more than one way.
    init?(parsing text: some StringProtocol, limit: Int = 256) {
        let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= limit else { return nil }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : parts[0].prefix(0), plusIsSpace: true)
            else { return nil }
            if values[name] == nil { values[name] = value }
        }
    }

    /// Nil where there is none or it is empty.
    subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    var names: [String] { values.keys.sorted() }
}

enum PercentEncoding {
    /// Nil for a broken escape, a zero byte, or bytes that are not UTF-8.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = false) -> String? {
        guard let bytes = Percent.bytes(of: text, plusIsSpace: plusIsSpace), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
