/// How many arguments functions take.
struct Signatures {
    let builtins: BuiltinRegistry
    /// Functions of policies, by their path.
    var functions: [[String]: Int]

    /// Nil for a function that does not exist.
    func arity(of function: Term) -> Int? {
        if let name = function.variable {
            return builtins[name]?.declaration.arguments.count ?? (name == "eq" ? 2 : nil)
        }
        guard let path = Resolver.dotted(function), path[0] == "data" else { return nil }
        return functions[Array(path.dropFirst())]
    }

    func isVariadic(_ function: Term) -> Bool {
        function.variable.map { builtins[$0]?.declaration.isVariadic ?? false } ?? false
    }

    /// Whether a call has one argument more than the function takes, which receives the result.
    func capturesResult(_ function: Term, _ arguments: [Term]) -> Bool {
        guard let arity = arity(of: function) else { return false }
        return arguments.count == arity + 1 && !isVariadic(function)
    }

    /// What is wrong with the number of arguments; nil when nothing is.
    func problem(_ function: Term, _ arguments: [Term]) -> String? {
        let name = Resolver.dotted(function)?.joined(separator: ".") ?? "?"
        guard let arity = arity(of: function) else { return "undefined function \(name)" }
        if arguments.count == arity || isVariadic(function) && arguments.count >= arity { return nil }
        return "\(name): arity mismatch: have \(arguments.count) arguments, want \(arity)"
    }
}
