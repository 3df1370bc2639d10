/// What names mean to an evaluation.
public protocol HCLScope {
    /// What a traversal leads to, with the steps that this takes in; the evaluator does the rest.
    /// - Throws: for a name that means nothing here, and for one that is defined by itself.
    func resolve(_ path: HCLPath) throws(HCLProblem) -> HCLResolution
    /// The text of a file that the configuration names; nil where it cannot be had.
    func readFile(_ path: String) -> String?
}

/// A root name and what follows it, as far as it is known: `aws_subnet.a[0].id`.
public struct HCLPath: Sendable, Hashable {
    public enum Step: Sendable, Hashable {
        case attribute(String)
        case index(Int)
        case key(String)
        /// An index that is not known, or every one.
        case any
    }

    public var root: String
    public var steps: [Step]
    public var place: HCLPlace

    /// The name after a dot or in brackets.
    public func name(_ at: Int) -> String? {
        guard steps.indices.contains(at) else { return nil }
        switch steps[at] {
        case .attribute(let name), .key(let name): return name
        default: return nil
        }
    }

    /// All of it as a reference.
    public var reference: HCLReference { HCLReference([root] + steps.map(\.part)) }
}

extension HCLPath.Step {
    var part: String {
        switch self {
        case .attribute(let name): name
        case .index(let index): "[\(index)]"
        case .key(let key): "[\"\(key)\"]"
        case .any: "[*]"
        }
    }
}

public struct HCLResolution: Sendable {
    public var value: HCLValue
    public var consumed: Int

    public init(_ value: HCLValue, consumed: Int) {
        self.value = value
        self.consumed = consumed
    }
}

/// Work that evaluations may do together; passing it ends them with a problem.
public final class HCLBudget {
    private var left: Int
    /// Bytes of a text and elements of a collection.
    public static let textBytes = 4 << 20
    public static let elements = 100_000
    /// Evaluations within each other, through names: `local.a` that needs `local.b`, and so on.
    static let depth = 400
    var depth = 0

    public init(steps: Int = 5_000_000) { left = steps }

    func spend(_ steps: Int, at place: HCLPlace) throws(HCLProblem) {
        left -= max(steps, 1)
        guard left >= 0 else { throw HCLProblem("evaluating takes more steps than allowed", at: place) }
    }
}
