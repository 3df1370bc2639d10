public import Core
public import JSON

/// What stands between `${{` and `}}`.
public struct Expression: Sendable, Hashable {
    /// As it was written, without the braces.
    public let source: String

    /// - Throws: `invalid`, with the column of what is wrong.
    public init(_ source: String) throws { self.source = source }

    /// - Throws: `invalid` for operands that do not go together; `exhausted` for too much work.
    public func evaluate(in scope: Scope) throws -> JSON { .null }

    /// Whether it holds: everything does but `false`, `null`, `0` and the empty text.
    public func holds(in scope: Scope) throws -> Bool { false }
}
