extension JSONView {
    /// Where the value stands in its document, as a JSON Pointer (RFC 6901): `/messages/0/content`, empty for the root.
    /// A key has the pointer of its member. Takes time by the number of values before it.
    public var pointer: String {
        var pointer = ""
        var container = JSONView(storage: storage, index: 0)
        while container.index != index, let (name, child) = container.step(towards: index) {
            pointer += "/" + name
            container = child
        }
        return pointer
    }

    /// The member or element that is or holds the value at `place` on the tape, and what a pointer calls it.
    private func step(towards place: Int) -> (String, JSONView)? {
        for (number, element) in elements.enumerated() where place < Int(element.token.next) {
            return (String(number), element)
        }
        for member in members where place < Int(member.value.token.next) {
            let isKey = place == member.keyView.index
            return (Self.escaped(member.key), isKey ? member.keyView : member.value)
        }
        return nil
    }

    private static func escaped(_ key: String) -> String {
        var out = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": out += "~0"
            case "/": out += "~1"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
