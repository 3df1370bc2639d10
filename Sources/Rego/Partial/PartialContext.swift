/// What is known where a body is evaluated: the query's own surroundings, or those that a `with` has made of them.
final class PartialContext {
    /// Paths from `input` or `data` on.
    let unknowns: [[String]]
    let input: RegoValue?
    let data: RegoValue
    /// What leads here from the query's own surroundings.
    let modifiers: [Literal.With]
    /// Paths below `data` whose rules do not count.
    let shadowed: Set<[String]>
    /// Builtins and functions that mean something else here.
    let mocks: Set<String>
    /// Where support rules of these surroundings are, below `data`.
    let root: String

    /// The modifiers, spelled.
    var key: [String] = []

    var affected: [[String]: Bool] = [:]
    var values: [[String]: RegoValue?] = [:]
    var extents: [[String]: PartialExtent] = [:]
    var supports: [[String]: PartialSupport] = [:]

    init(
        unknowns: [[String]], input: RegoValue?, data: RegoValue, modifiers: [Literal.With] = [],
        shadowed: Set<[String]> = [], mocks: Set<String> = [], root: String
    ) {
        self.unknowns = unknowns
        self.input = input
        self.data = data
        self.modifiers = modifiers
        self.shadowed = shadowed
        self.mocks = mocks
        self.root = root
    }

    enum Knowledge {
        case known
        case unknown
        /// Something below is unknown.
        case partly
    }

    /// - Parameter path: from `input` or `data` on.
    func knowledge(of path: [String]) -> Knowledge {
        if unknowns.contains(where: { path.starts(with: $0) }) { return .unknown }
        return unknowns.contains { $0.starts(with: path) } ? .partly : .known
    }

    func shadows(_ path: [String]) -> Bool { !shadowed.isEmpty && shadowed.contains { path.starts(with: $0) } }

    /// Whether a `with` that leads here changed something at or below a path.
    func isChanged(below path: [String]) -> Bool {
        modifiers.contains { Resolver.dotted($0.target)?.starts(with: path) ?? false }
    }

    /// A document by name: nil where there is none.
    func document(_ root: String) -> RegoValue? { root == "input" ? input : data }
}

extension RegoValue {
    /// The same with another value at a path, objects on the way there included.
    func replacing(_ path: ArraySlice<String>, with value: RegoValue) -> RegoValue {
        guard let name = path.first else { return value }
        var object = object ?? RegoObject()
        let key = RegoValue(name)
        let inner = object[key] ?? .object(RegoObject())
        object.updateValue(inner.replacing(path.dropFirst(), with: value), forKey: key)
        return .object(object)
    }
}
