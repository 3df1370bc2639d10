/// An expression, as far as it matters where its value comes from.
package indirect enum CodeExpression: Sendable {
    case name(String, Range<Int>)
    /// A text that stands in the code.
    case literal(String, Range<Int>)
    /// A number, and what else holds no text.
    case constant(Range<Int>)
    /// A text with values in it.
    case text([CodeExpression], Range<Int>)
    /// A text that a function takes apart itself: JavaScript's tagged templates.
    case tagged(CodeExpression, [CodeExpression], Range<Int>)
    case member(CodeExpression, String, Range<Int>)
    case call(CodeExpression, [CodeArgument], Range<Int>)
    case index(CodeExpression, CodeExpression, Range<Int>)
    /// Operands with the operators between them, from left to right.
    case join([CodeExpression], [String], Range<Int>)
    /// One of several: conditional expressions.
    case either(test: CodeExpression, [CodeExpression])
    /// Yes or no: what is compared, and how.
    case truth([CodeExpression], [String])
    case list([CodeArgument], Range<Int>)
    /// `element for target in source`.
    case each(CodeExpression, target: CodeExpression, in: CodeExpression)
    case function(CodeFunction)
    case other(Range<Int>)

    package var range: Range<Int> {
        switch self {
        case .name(_, let range), .literal(_, let range), .constant(let range), .text(_, let range),
            .tagged(_, _, let range), .member(_, _, let range), .call(_, _, let range), .index(_, _, let range),
            .join(_, _, let range), .list(_, let range), .other(let range):
            range
        case .either(let test, let choices): test.range.lowerBound..<(choices.last ?? test).range.upperBound
        case .truth(let parts, _): parts.first?.range ?? 0..<0
        case .each(let element, _, _): element.range
        case .function(let function): function.range
        }
    }
}

package struct CodeArgument: Sendable {
    /// A keyword, a label or a key; nil for one by its place.
    package var label: String?
    package var value: CodeExpression
}

package struct CodeParameter: Sendable {
    package var name: String
    /// As it is spelled, without white space; empty where none is.
    package var type = ""
    /// What it is where nothing is given, spelled the same way.
    package var preset = ""
}

package struct CodeFunction: Sendable {
    package var name: String?
    package var parameters: [CodeParameter]
    package var decorators: [CodeExpression]
    package var body: [CodeStatement]
    package var range: Range<Int>
}

/// What a class says of itself before its members; empty where the language's reader passes over it.
package struct CodeTypeHead: Sendable {
    package var name: String?
    package var bases: [CodeExpression] = []
    package var range = 0..<0
}

package indirect enum CodeStatement: Sendable {
    /// `isNew` where it replaces what was there.
    case assign([CodeExpression], CodeExpression, isNew: Bool)
    case expression(CodeExpression)
    /// What decides about the blocks that follow.
    case condition(CodeExpression)
    case loop(target: CodeExpression, source: CodeExpression)
    case function(CodeFunction)
    /// A class or type: what is in it stands for itself.
    case type([CodeStatement], CodeTypeHead = CodeTypeHead())
    case block([CodeStatement])
    /// What a name stands for: `os.system` for `run` in `from os import system as run`.
    case alias(String, String)
}
