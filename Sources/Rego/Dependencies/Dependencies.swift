/// Finds what a query or a document depends on, as `opa deps` does, without evaluating anything.
///
/// The sets are never too small. They may be too large: what a `with` replaces counts as needed all the same, and where
/// a key is known only when the policy is evaluated, all that is below counts.
public struct Dependencies: Sendable {
    /// Ascending.
    public struct Documents: Sendable, Hashable {
        /// From outside: `input.user`, `data.roles`. Where one contains another there is only the larger.
        public var base: [String]
        /// Made by rules: `data.app.allow`.
        public var virtual: [String]
    }

    private let compiler: Compiler

    public init(_ compiler: Compiler) { self.compiler = compiler }

    /// - Throws: what ``Compiler/compile(_:isObserved:)`` would.
    public func of(query: String) throws(RegoErrors) -> Documents {
        let (tree, body) = try compiler.compiled(query: query)
        var finder = DependencyFinder(tree: tree)
        finder.follow(body)
        return finder.documents
    }

    /// The document at a path below `data`: a rule, or a whole package.
    public func of(path: [String]) throws(RegoErrors) -> Documents {
        try of(query: RefText.of(["data"] + path))
    }
}
