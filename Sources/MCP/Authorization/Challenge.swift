import Core

/// What a protected resource wants (RFC 6750, section 3; RFC 9449, section 7.1; RFC 9728, section 5.1).
struct TokenChallenge: Sendable, Hashable {
    var resourceMetadata: String?
    var scopes: [String] = []
    var error: String?
    /// Whether tokens that are bound to a key are taken.
    var offersProof = false

    /// Nil when none of the header's values has a challenge for a token.
    init?(_ values: [String]) {
        let challenges = values.prefix(8).filter { $0.utf8.count <= 8192 }.flatMap(Self.challenges)
        let known = challenges.filter { $0.scheme == "bearer" || $0.scheme == "dpop" }
        guard !known.isEmpty else { return nil }
        func first(_ name: String) -> String? { known.lazy.compactMap { $0.parameters[name] }.first }
        resourceMetadata = first("resource_metadata")
        scopes = (first("scope") ?? "").split(separator: " ").map(String.init)
        error = first("error")
        offersProof = known.contains { $0.scheme == "dpop" }
    }

    /// RFC 9110, section 11.6.1. What stands after something that cannot be read is left out.
    private static func challenges(in value: String) -> [(scheme: String, parameters: [String: String])] {
        var rest = Array(value.unicodeScalars)[...]
        var found: [(scheme: String, parameters: [String: String])] = []
        while !rest.isEmpty {
            skip(&rest) { $0 == " " || $0 == "," || $0 == "\t" }
            let word = take(&rest) { $0 != " " && $0 != "=" && $0 != "," }.lowercased()
            guard !word.isEmpty else { return found }
            guard rest.first == "=" else {
                // A word alone is a scheme: the next challenge begins.
                found.append((word, [:]))
                continue
            }
            rest.removeFirst()
            let text = rest.first == "\"" ? quoted(&rest) : take(&rest) { $0 != "," && $0 != " " }
            guard let text else { return Array(found.dropLast()) }
            guard let last = found.indices.last else { continue }
            if found[last].parameters[word] == nil { found[last].parameters[word] = text }
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
