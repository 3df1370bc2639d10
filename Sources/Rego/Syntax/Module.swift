/// A parsed module.
public struct Module: Sendable {
    /// The package's path below `data`.
    public var package: [String]
    public var packagePlace: SourcePlace
    public var imports: [Import]
    public var rules: [Rule]
    public var annotations: [Annotation]
    /// Whether it is read by the rules of Rego v1.
    public var isV1: Bool
    var source: SourceText

    public var name: String { source.name }

    public struct Import: Sendable {
        /// `["data", "lib", "strings"]`, `["input", "user"]`, `["rego", "v1"]`, `["future", "keywords", "in"]`
        public var path: [String]
        public var alias: String?
        public var place: SourcePlace

        /// The name under which the module speaks of it.
        public var name: String { alias ?? path.last ?? "" }
    }

    /// A block of comments that starts with `# METADATA`.
    public struct Annotation: Sendable {
        /// The YAML below the first line, read.
        public var value: RegoValue
        /// `rule`, `document`, `package` or `subpackages`.
        public var scope: String
        public var place: SourcePlace
        /// The index of the rule that it stands before; nil for the package.
        public var rule: Int?
    }
}

/// A rule, or one of its `else` branches.
public struct Rule: Sendable {
    /// The name and what follows: `p`, `p.q.r`, `p[x].q`.
    public var head: Term
    public var path: [Term]
    /// Nil for what is no function.
    public var arguments: [Term]?
    /// What `contains` gives: an element of a set.
    public var element: Term?
    /// Nil for `true` that is not spelled out.
    public var value: Term?
    public var isDefault = false
    public var body: [Literal]
    /// Branches of `else`, in order.
    public var otherwise: [Rule] = []
    public var place: SourcePlace
    /// From the name up to the body.
    var headSpan: SourceSpan

    var name: String { head.variable ?? "" }

    init(head: Term, path: [Term] = [], body: [Literal] = [], at place: SourcePlace) {
        self.head = head
        self.path = path
        self.body = body
        self.place = place
        headSpan = SourceSpan(start: place, end: place.offset)
    }
}
