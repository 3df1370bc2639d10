public import Core
import Web

extension PURL {
    /// Reads the text of one, canonical or not.
    ///
    /// Keys of qualifiers are lower-case. The specification's cases take upper-case letters within a key as another
    /// spelling and refuse a key that begins with one; where only the canonical spelling of a text is wanted, they take
    /// that too.
    ///
    /// - Parameter foldingKeys: take keys in any case.
    /// - Throws: `invalid`, naming what is wrong; `tooLarge`.
    public init(_ text: String, foldingKeys: Bool = false) throws(GatehouseError) {
        guard text.utf8.count <= PURL.maximumBytes else {
            throw GatehouseError("formats", .tooLarge, "a package URL has more than \(PURL.maximumBytes) bytes")
        }
        var rest = text[...]
        let subpath = try PURL.cutLast(&rest, "#").map { (part) throws(GatehouseError) in try PURL.segments(part) }
        let qualifiers = try PURL.qualifiers(PURL.cutLast(&rest, "?") ?? "", foldingKeys: foldingKeys)
        guard let colon = rest.firstIndex(of: ":"), rest[..<colon].lowercased() == "pkg" else {
            throw PURL.invalid("it does not begin with pkg:")
        }
        rest = rest[rest.index(after: colon)...].drop { $0 == "/" }
        guard let slash = rest.firstIndex(of: "/") else { throw PURL.invalid("it has no name") }
        let type = String(rest[..<slash])
        rest = rest[rest.index(after: slash)...].drop { $0 == "/" }
        let version = try PURL.version(&rest)
        let nameStart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        let name = try PURL.decoded(rest[nameStart...])
        let namespace = try PURL.segments(rest[..<nameStart])
        try self.init(
            type: type, namespace: namespace, name: name, version: version, qualifiers: qualifiers, subpath: subpath)
    }

    /// Takes what follows the last mark off the end.
    private static func cutLast(_ text: inout Substring, _ mark: Character) -> Substring? {
        guard let place = text.lastIndex(of: mark) else { return nil }
        defer { text = text[..<place] }
        return text[text.index(after: place)...]
    }

    /// After an `@` in the last segment; one further left is a scope that somebody left as it is. One that begins the
    /// text begins a version of nothing, unless a name follows it.
    private static func version(_ rest: inout Substring) throws(GatehouseError) -> String? {
        guard let at = rest.lastIndex(of: "@"), !rest[at...].contains("/") else { return nil }
        defer { rest = rest[..<at] }
        return try decoded(rest[rest.index(after: at)...])
    }

    private static func segments(_ text: Substring) throws(GatehouseError) -> String {
        var segments: [String] = []
        for part in text.split(separator: "/") {
            let segment = try decoded(part)
            guard !segment.contains("/") else { throw invalid("a segment holds an encoded slash") }
            segments.append(segment)
        }
        return segments.joined(separator: "/")
    }

    private static func qualifiers(_ text: Substring, foldingKeys: Bool) throws(GatehouseError) -> [String: String] {
        var out: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            if !foldingKeys, pair.first?.isUppercase == true {
                throw invalid("the qualifier \(pair[..<equals].prefix(64)) is not in lower case")
            }
            let key = pair[..<equals].lowercased()
            guard out[key] == nil else { throw invalid("the qualifier \(key.prefix(64)) is there twice") }
            out[key] = equals == pair.endIndex ? "" : try decoded(pair[pair.index(after: equals)...])
        }
        return out
    }

    private static func decoded(_ text: Substring) throws(GatehouseError) -> String {
        guard let decoded = Percent.decode(text) else { throw invalid("a % begins no encoded UTF-8") }
        return decoded
    }
}
