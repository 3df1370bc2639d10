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
            return (JSONPointer.escaped(member.key), isKey ? member.keyView : member.value)
        }
        return nil
    }
}

/// A JSON Pointer (RFC 6901), taken apart: the way from a value to one within it.
public struct JSONPointer: Sendable, Hashable {
    public let text: String
    private let steps: [String]

    /// Nil for what is no pointer: one that neither is empty nor begins with a slash, or has a `~` before anything but 0
    /// and 1.
    public init?(_ text: String) {
        var steps: [String] = []
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.first?.isEmpty != false else { return nil }
        for part in parts.dropFirst() {
            guard let step = Self.unescaped(part) else { return nil }
            steps.append(step)
        }
        self.text = text
        self.steps = steps
    }

    /// What is there; nil where nothing is.
    public func value(in root: JSON) -> JSON? {
        var value = root
        for step in steps {
            guard let next = value[step] ?? Self.index(step).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }

    /// Digits without a leading zero (section 4).
    private static func index(_ step: String) -> Int? {
        guard step == "0" || step.utf8.first.map({ (0x31...0x39).contains($0) }) == true else { return nil }
        return Int(step)
    }

    /// A key as a step of a pointer.
    package static func escaped(_ key: String) -> String {
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

    private static func unescaped(_ part: Substring) -> String? {
        var out = String.UnicodeScalarView()
        var rest = part.unicodeScalars.makeIterator()
        while let scalar = rest.next() {
            guard scalar == "~" else {
                out.append(scalar)
                continue
            }
            switch rest.next() {
            case "0": out.append("~")
            case "1": out.append("/")
            default: return nil
            }
        }
        return String(out)
    }
}
