/// A word with parameters, as `form-data; name="a"; filename="b.mp3"`: each parameter at most once, quoted or not
/// (RFC 9110, 5.6.6). What two readers could take for different things is none.
package struct HeaderValue {
    /// In lower case.
    package let word: String
    private var parameters: [String: String] = [:]

    /// Nil where the text is no such value.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        word = Self.word(&rest).lowercased()
        Self.skipBlanks(&rest)
        while !rest.isEmpty {
            guard rest.removeFirst() == ";" else { return nil }
            Self.skipBlanks(&rest)
            let name = Self.word(&rest).lowercased()
            guard !name.isEmpty, rest.first == "=", parameters[name] == nil else { return nil }
            rest.removeFirst()
            guard let value = rest.first == "\"" ? Self.quoted(&rest) : Self.plain(&rest) else { return nil }
            parameters[name] = value
            Self.skipBlanks(&rest)
        }
    }

    /// - Parameter name: in lower case.
    package subscript(name: String) -> String? { parameters[name] }

    private static func skipBlanks(_ rest: inout Substring) { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private static func word(_ rest: inout Substring) -> String { taken(&rest) { !";= \t\"".contains($0) } }

    private static func plain(_ rest: inout Substring) -> String { taken(&rest) { !"; \t\"".contains($0) } }

    private static func taken(_ rest: inout Substring, while belongs: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: belongs)
        rest = rest[taken.endIndex...]
        return String(taken)
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        var value = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            if character == "\\" {
                guard let next = rest.popFirst() else { return nil }
                value.append(next)
            } else {
                value.append(character)
            }
        }
        return nil
    }
}
