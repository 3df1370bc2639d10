import Rego

/// Within this room; others know nodes of YAML by that name.
typealias Node = ResourceNode

/// A value of a resource with the places of its parts.
package struct ResourceNode: Sendable {
    package struct Member: Sendable {
        package var key: String
        package var value: ResourceNode
        /// Of the key, where a format tells it.
        var place: Place?
    }

    indirect enum Content: Sendable {
        /// Null, a bool, number or text. What is not known is a text with `${…}` in it.
        case scalar(RegoValue)
        case list([Node])
        case object([Member])
    }

    var content: Content
    package var place: Place
    /// Where the place is, for what another file has put into a resource.
    package var file: String?
    /// Keys of the resources that a scalar comes from; see ``Resource/key``.
    var references: [String] = []

    init(_ content: Content, at place: Place, file: String? = nil, references: [String] = []) {
        self.content = content
        self.place = place
        self.file = file
        self.references = references
    }

    static func object(at place: Place) -> Node { Node(.object([]), at: place) }

    package subscript(key: String) -> ResourceNode? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var text: String? {
        if case .scalar(let value) = content { value.text } else { nil }
    }

    /// Whether it is written out as true or as false; nil for anything else.
    package var flag: Bool? {
        if case .scalar(.bool(let flag)) = content { flag } else { nil }
    }

    package var integer: Int? {
        if case .scalar(let value) = content { value.number?.int } else { nil }
    }

    package var isNull: Bool {
        if case .scalar(let value) = content { value.isNull } else { false }
    }

    package var elements: [ResourceNode] {
        if case .list(let elements) = content { elements } else { [] }
    }

    package var members: [Member] {
        if case .object(let members) = content { members } else { [] }
    }

    /// One more member, in place of one of that name.
    mutating func set(_ key: String, _ value: Node) {
        guard case .object(var members) = content else { return }
        if let at = members.firstIndex(where: { $0.key == key }) {
            members[at].value = value
        } else {
            members.append(Member(key: key, value: value))
        }
        content = .object(members)
    }

    /// As policy sees it.
    var value: RegoValue {
        switch content {
        case .scalar(let value): return value
        case .list(let elements): return .array(RegoArray(elements.lazy.map(\.value)))
        case .object(let members):
            return .object(RegoObject(members.lazy.map { (RegoValue($0.key), $0.value.value) }))
        }
    }

    /// The part that a path leads to, or the innermost part around it that is there, with the file that it is in. An
    /// index of an object is the object itself: what formats write as a block or as a list of blocks is a list to checks.
    func part(at path: some Sequence<RegoValue>) -> (place: Place, file: String?) {
        var node = self
        var file = self.file
        for step in path {
            var next: Node?
            switch node.content {
            case .object: next = step.text.map { node[$0] } ?? node
            case .list(let elements):
                next = step.number?.int.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            case .scalar: break
            }
            guard let next else { break }
            node = next
            file = next.file ?? file
        }
        return (node.place, file)
    }

    /// Every reference in it, once.
    package func collectReferences(into found: inout [String]) {
        for reference in references where !found.contains(reference) { found.append(reference) }
        switch content {
        case .scalar: break
        case .list(let elements): for element in elements { element.collectReferences(into: &found) }
        case .object(let members): for member in members { member.value.collectReferences(into: &found) }
        }
    }
}
