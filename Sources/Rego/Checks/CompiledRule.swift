/// A rule with all names resolved and its bodies in an order in which they can be evaluated.
struct CompiledRule: Sendable {
    /// The index of the module.
    var module: Int
    /// Below `data`: the package, the name, and what follows it, the latter as far as it is fixed.
    var fixedPath: [String]
    /// What `contains` or a value is given for: a set's element or a value.
    var isSet: Bool
    /// Nil for what is no function.
    var arity: Int?
    var isDefault: Bool
    /// The rule's own and those of `else`, in order.
    var branches: [Branch]
    var place: SourcePlace

    struct Branch: Sendable {
        var arguments: [Term]
        var body: [Literal]
        /// What follows the fixed path.
        var path: [Term]
        /// The value, or the element of a set.
        var value: Term
        var place: SourcePlace
        /// The head as the policy spells it.
        var head: SourceSpan
    }
}

/// Makes names that no policy can spell.
///
/// `#` marks what the compiler adds, `_#` a wildcard, and `x#1` the variable `x` declared somewhere.
final class NameSource {
    private var count = 0

    func fresh() -> String { next("#") }
    func wildcard() -> String { next("_#") }
    func declared(_ name: String) -> String { next("\(name)#") }

    private func next(_ prefix: String) -> String {
        count += 1
        return "\(prefix)\(count)"
    }

    /// The name as the policy spells it; nil for what the policy does not name.
    static func spelled(_ name: String) -> String? {
        guard let mark = name.utf8.firstIndex(of: UInt8(ascii: "#")) else { return name }
        let spelled = name[..<mark]
        return spelled.isEmpty || spelled == "_" ? nil : String(spelled)
    }

    static func isWildcard(_ name: String) -> Bool { name.hasPrefix("_#") }
}
