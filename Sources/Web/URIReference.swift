/// A URI reference taken apart into its five parts, as they are spelled (RFC 3986, 4.1). Any text is one: whether the
/// parts are what they should be is for whoever uses them.
package struct URIReference: Sendable, Hashable {
    /// In lower case.
    package var scheme: String?
    package var authority: String?
    package var path: String
    package var query: String?
    package var fragment: String?

    /// The split of RFC 3986, appendix B.
    package init(_ text: String) {
        var rest = Substring(text)
        fragment = Self.cut(&rest, at: UInt8(ascii: "#"))
        query = Self.cut(&rest, at: UInt8(ascii: "?"))
        scheme = Self.scheme(of: &rest)
        if rest.utf8.starts(with: "//".utf8) {
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        path = String(rest)
    }

    package var text: String {
        var text = scheme.map { "\($0):" } ?? ""
        if let authority { text += "//\(authority)" }
        text += path
        if let query { text += "?\(query)" }
        if let fragment { text += "#\(fragment)" }
        return text
    }

    package var withoutFragment: URIReference {
        var copy = self
        copy.fragment = nil
        return copy
    }

    /// What the reference means where `base` is the base (RFC 3986, 5.2.2). A base that is itself relative, or empty,
    /// gives a reference as relative as it was.
    package func resolved(against base: URIReference) -> URIReference {
        var target = self
        if scheme == nil {
            target.scheme = base.scheme
            if authority == nil {
                target.authority = base.authority
                if path.isEmpty {
                    target.path = base.path
                    target.query = query ?? base.query
                } else if !path.hasPrefix("/") {
                    target.path = base.merged(path)
                }
            }
        }
        if target.path != base.path { target.path = Self.withoutDotSegments(target.path) }
        return target
    }

    /// RFC 3986, 5.2.3.
    private func merged(_ relative: String) -> String {
        if authority != nil, path.isEmpty { return "/\(relative)" }
        guard let slash = path.lastIndex(of: "/") else { return relative }
        return path[...slash] + relative
    }

    /// RFC 3986, 5.2.4.
    private static func withoutDotSegments(_ path: String) -> String {
        guard path.hasPrefix("/") else { return path }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (place, segment) in segments.enumerated() {
            let isLast = place == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    private static func cut(_ rest: inout Substring, at mark: UInt8) -> String? {
        guard let place = rest.utf8.firstIndex(of: mark) else { return nil }
        defer { rest = rest[..<place] }
        return String(rest[rest.utf8.index(after: place)...])
    }

    private static func scheme(of rest: inout Substring) -> String? {
        guard let colon = rest.utf8.firstIndex(of: UInt8(ascii: ":")), let first = rest.first, first.isASCII,
            first.isLetter, rest[..<colon].utf8.allSatisfy({ Self.isSchemeByte($0) })
        else { return nil }
        defer { rest = rest[rest.utf8.index(after: colon)...] }
        return rest[..<colon].lowercased()
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
