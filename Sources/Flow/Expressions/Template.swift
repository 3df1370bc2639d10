public import JSON

/// A value with expressions in it: any JSON, whose texts may hold `${{ … }}`. `$${{` stands for `${{` itself.
///
/// What an expression yields is put in its place and never looked at again: braces in it are text.
/// Two templates are equal when they are written alike.
public struct Template: Sendable, Hashable {
    public let source: JSON
    let root: TemplateNode

    /// - Throws: `invalid`, with the expression that is wrong.
    public init(_ source: JSON) throws {
        do throws(TemplateProblem) {
            self.init(source, try TemplateNode(source))
        } catch {
            throw error.problem.failure(in: error.expression)
        }
    }

    init(_ source: JSON, _ root: TemplateNode) {
        self.source = source
        self.root = root
    }

    /// Keys are never expressions. A text that is one expression and nothing else takes its type.
    /// - Throws: as ``Expression/evaluate(in:)``; `exhausted` for a result beyond 4 MiB.
    public func evaluate(in scope: Scope) throws -> JSON {
        var filling = TemplateFilling(scope)
        return try filling.value(of: root)
    }

    /// All that it holds, in the order of the text.
    public var expressions: [Expression] { root.expressions }

    /// Its value where it holds no expression, and so is the same in every run.
    public var constant: JSON? { root.constant }

    public static func == (a: Template, b: Template) -> Bool { a.source == b.source }
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
