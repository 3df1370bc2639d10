import JSON

/// A function of the language. The table in docs/workflows.md lists them all.
struct ExpressionFunction: Sendable {
    let name: String
    /// What is in its parentheses, for hints: `list, 'member', value`.
    let parameters: String
    let arity: ClosedRange<Int>
    let apply: @Sendable (inout FunctionCall) throws(ExpressionProblem) -> JSON

    init(
        _ name: String, _ parameters: String, _ arity: ClosedRange<Int>,
        _ apply: @escaping @Sendable (inout FunctionCall) throws(ExpressionProblem) -> JSON
    ) {
        (self.name, self.parameters, self.arity, self.apply) = (name, parameters, arity, apply)
    }

    static let all: [ExpressionFunction] = TextFunctions.all + ListFunctions.all + ValueFunctions.all

    static let named = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    var usage: String { "\(name)(\(parameters))" }

    var arityInWords: String {
        let (least, most) = (arity.lowerBound, arity.upperBound)
        if least == most { return least == 0 ? "no arguments" : "\(least) argument\(least == 1 ? "" : "s")" }
        return most == .max ? "at least \(least) arguments" : "\(least) to \(most) arguments"
    }
}

/// One call of a function: its arguments, read by type, and the meter that its work goes on.
struct FunctionCall {
    let function: ExpressionFunction
    let arguments: [JSON]
    /// Of what the step needs.
    let outcome: Scope.Outcome
    var meter: WorkMeter

    func text(_ index: Int) throws(ExpressionProblem) -> String {
        guard let text = arguments[index].string else { throw mismatch(index, "a text") }
        return text
    }

    func list(_ index: Int) throws(ExpressionProblem) -> [JSON] {
        guard let list = arguments[index].array else { throw mismatch(index, "a list") }
        return list
    }

    func object(_ index: Int) throws(ExpressionProblem) -> JSONObject {
        guard let object = arguments[index].object else { throw mismatch(index, "an object") }
        return object
    }

    func whole(_ index: Int) throws(ExpressionProblem) -> Int {
        guard let whole = arguments[index].int else { throw mismatch(index, "a whole number") }
        return whole
    }

    func mismatch(_ index: Int, _ wanted: String) -> ExpressionProblem {
        ExpressionProblem(
            "argument \(index + 1) of \(function.name) is to be \(wanted), not \(arguments[index].kindName)", column: 0,
            hint: Self.hint(arguments[index].isNull) ?? "it is \(function.usage)")
    }

    static func hint(_ isNull: Bool) -> String? {
        isNull ? "what is missing is null: default(x, y) gives something in its place" : nil
    }
}
