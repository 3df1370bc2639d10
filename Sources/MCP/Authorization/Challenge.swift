import Core

/// What a protected resource wants (RFC 6750, section 3; RFC 9728, section 5.1).
struct BearerChallenge: Sendable, Hashable {
    var resourceMetadata: String?
    var scopes: [String] = []
    var error: String?

    /// Nil when none of the header's values has a challenge of this scheme.
    init?(_ values: [String]) {
        for value in values.prefix(8) where value.utf8.count <= 8192 {
            guard let parameters = Self.bearer(in: value) else { continue }
            resourceMetadata = parameters["resource_metadata"]
            scopes = (parameters["scope"] ?? "").split(separator: " ").map(String.init)
            error = parameters["error"]
            return
        }
        return nil
    }

    /// The parameters of the first challenge of the scheme (RFC 9110, section 11.6.1).
    private static func bearer(in value: String) -> [String: String]? {
        var rest = Array(value.unicodeScalars)[...]
        var found: [String: String]?
        while !rest.isEmpty {
            skip(&rest) { $0 == " " || $0 == "," || $0 == "\t" }
            let word = take(&rest) { $0 != " " && $0 != "=" && $0 != "," }
            guard !word.isEmpty else { return found }
            guard rest.first == "=" else {
                // A word alone is a scheme: the next challenge begins.
                if found != nil { return found }
                if word.lowercased() == "bearer" { found = [:] }
                continue
            }
            rest.removeFirst()
            let text = rest.first == "\"" ? quoted(&rest) : take(&rest) { $0 != "," && $0 != " " }
            guard let text else { return nil }
            if found?[word.lowercased()] == nil { found?[word.lowercased()] = text }
        }
        return found
    }

    private static func skip(_ rest: inout ArraySlice<Unicode.Scalar>, _ belongs: (Unicode.Scalar) -> Bool) {
        rest = rest.drop(while: belongs)
    }

    private static func take(_ rest: inout ArraySlice<Unicode.Scalar>, _ belongs: (Unicode.Scalar) -> Bool) -> String {
        let taken = rest.prefix(while: belongs)
        rest = rest[taken.endIndex...]
        return String(String.UnicodeScalarView(taken))
    }

    private static func quoted(_ rest: inout ArraySlice<Unicode.Scalar>) -> String? {
        var text = String.UnicodeScalarView()
        rest.removeFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return String(text) }
            guard let plain = scalar == "\\" ? rest.popFirst() : scalar else { return nil }
            text.append(plain)
        }
        return nil
    }
}
