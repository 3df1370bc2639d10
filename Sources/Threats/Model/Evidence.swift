import Scan

/// Where something stands in the repository, and what it says there, in our words.
public struct Evidence: Sendable, Hashable, Comparable {
    /// Relative to the root, made printable.
    public var path: String
    /// From 1.
    public var line: Int
    public var reason: String

    /// - Parameter reason: names of the repository's may be in it, values never.
    public init(_ path: String, _ line: Int, _ reason: String) {
        self.path = path
        self.line = max(1, line)
        self.reason = Name.shown(reason, limit: 200)
    }

    public static func < (a: Evidence, b: Evidence) -> Bool {
        (a.path, a.line, a.reason) < (b.path, b.line, b.reason)
    }
}

/// Names that come from the repository.
enum Name {
    /// Made printable, in one line and of bounded length.
    static func shown(_ text: some StringProtocol, limit: Int = 80) -> String {
        let plain = Printable.text(text.utf8.prefix(limit * 4))
        guard plain.unicodeScalars.count > limit else { return plain }
        var cut = ""
        cut.unicodeScalars.append(contentsOf: plain.unicodeScalars.prefix(limit - 1))
        return cut + "…"
    }
}

/// What is known of something, each with what says so: the first pieces of evidence by place.
public struct Traits: Sendable, Hashable {
    static let mostEvidence = 5

    private(set) var all: [Trait: [Evidence]] = [:]

    public init() {}

    public subscript(trait: Trait) -> [Evidence] { all[trait] ?? [] }

    public func has(_ trait: Trait) -> Bool { all[trait] != nil }

    /// In the order of the vocabulary.
    public var known: [Trait] { Trait.allCases.filter(has) }

    mutating func add(_ trait: Trait, _ evidence: Evidence) { all[trait] = Self.merged(all[trait] ?? [], [evidence]) }

    mutating func merge(_ other: Traits) {
        for (trait, evidence) in other.all { all[trait] = Self.merged(all[trait] ?? [], evidence) }
    }

    mutating func remove(_ trait: Trait) { all[trait] = nil }

    /// What came last is not preferred to what came first: the places decide.
    static func merged(_ old: [Evidence], _ new: [Evidence]) -> [Evidence] {
        Array(Set(old + new).sorted().prefix(mostEvidence))
    }
}
