public import JSON

/// What stands between `${{` and `}}`: it reads its ``Scope`` and nothing else. See docs/workflows.md for the language.
///
/// Two expressions are equal when they are written alike.
public struct Expression: Sendable, Hashable {
    /// Bytes of one expression.
    public static let longest = 4096
    /// Parentheses, calls, indices and negations within each other.
    public static let deepest = 64

    /// As it was written, without the braces.
    public let source: String
    /// Where its first character stands in a file, where that is known to the column.
    public let place: Place?
    /// What it reads by name, in the order of the text.
    public let references: [Reference]
    let tree: ExpressionTree

    /// - Throws: `invalid`, with the column of what is wrong.
    public init(_ source: String) throws { try self.init(source, at: nil) }

    public init(_ source: String, at place: Place?) throws {
        do throws(ExpressionProblem) {
            try self.init(parsing: source, at: place)
        } catch {
            throw error.failure(in: source)
        }
    }

    init(parsing source: String, at place: Place?) throws(ExpressionProblem) {
        guard source.utf8.count <= Self.longest else {
            throw ExpressionProblem("an expression has at most \(Self.longest) bytes", column: 1)
        }
        var parser = ExpressionParser(try ExpressionLexer.tokens(source))
        tree = try parser.whole()
        references = parser.references
        self.source = source
        self.place = place
    }

    /// - Throws: `invalid` for operands that do not go together; `exhausted` for too much work.
    public func evaluate(in scope: Scope) throws -> JSON {
        var meter = WorkMeter()
        return try evaluate(in: scope, &meter)
    }

    func evaluate(in scope: Scope, _ meter: inout WorkMeter) throws -> JSON {
        do throws(ExpressionProblem) {
            var evaluation = Evaluation(scope: scope, meter: meter)
            defer { meter = evaluation.meter }
            return try evaluation.value(of: tree)
        } catch {
            throw error.failure(in: source)
        }
    }

    /// Whether it holds: everything does but `false`, `null`, `0` and the empty text.
    public func holds(in scope: Scope) throws -> Bool { try evaluate(in: scope).holds }

    /// The ids of the steps that it mentions by name.
    public var steps: Set<String> { names(in: "steps") }
    /// The names of the inputs that it mentions.
    public var inputs: Set<String> { names(in: "inputs") }

    private func names(in context: String) -> Set<String> {
        Set(references.filter { $0.context == context }.compactMap(\.path.first))
    }

    public static func == (a: Expression, b: Expression) -> Bool { a.source == b.source }
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

extension JSON {
    /// What counts as true in a condition.
    var holds: Bool {
        switch self {
        case .null: false
        case .bool(let flag): flag
        case .number(let number): !number.decimal.isZero
        case .string(let text): !text.isEmpty
        case .array, .object: true
        }
    }
}
