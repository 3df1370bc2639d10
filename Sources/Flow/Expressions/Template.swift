public import Core
public import JSON

/// A value with expressions in it: any JSON, whose texts may hold `${{ … }}`.
public struct Template: Sendable, Hashable {
    public let source: JSON

    /// - Throws: `invalid`, with the expression that is wrong.
    public init(_ source: JSON) throws { self.source = source }

    /// Keys are never expressions. A text that is one expression and nothing else takes its type.
    /// - Throws: as ``Expression/evaluate(in:)``; `exhausted` for a result beyond 4 MiB.
    public func evaluate(in scope: Scope) throws -> JSON { source }
}
