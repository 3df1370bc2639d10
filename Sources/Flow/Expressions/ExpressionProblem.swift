import Core

/// What is wrong with an expression, or with what it came upon: never with a value in its words, which may be a secret.
struct ExpressionProblem: Error, Hashable {
    var code = GatehouseError.Code.invalid
    var message: String
    /// Characters before it and one; 0 where it is about the whole.
    var column: Int
    var hint: String?

    init(_ message: String, column: Int, hint: String? = nil, code: GatehouseError.Code = .invalid) {
        (self.message, self.column, self.hint, self.code) = (message, column, hint, code)
    }

    func failure(in source: String) -> GatehouseError {
        let place = column > 0 ? " (column \(column))" : ""
        let shown = source.unicodeScalars.count > 120 ? "\(String(source.unicodeScalars.prefix(120)))…" : source
        return GatehouseError("flow", code, "${{ \(shown) }}: \(message)\(place)", hint: hint)
    }
}
