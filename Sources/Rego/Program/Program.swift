public import Core

/// A policy in the form that the evaluator runs: immutable, to be used by any number of evaluations at a time.
public final class Program: Sendable {
    let code: FixedTable<Instruction>
    /// For each instruction an index into ``places``, or -1.
    let placeOf: [Int32]
    let places: [IR.Place]
    let files: [String]
    let constants: FixedTable<RegoValue?>
    /// Operands in lists, each after its count.
    let lists: FixedTable<Int32>
    let functions: FixedTable<Function>
    let builtins: FixedTable<BuiltinEntry>
    /// Functions by the path that a dynamic call gives.
    let functionByPath: [RegoValue: Int]
    let plans: [String: Function]

    struct Function: Sendable {
        var name: String
        var start: Int
        var registers: Int
        var parameters: Int
    }

    struct BuiltinEntry: Sendable {
        let name: String
        let run: Builtin.Body
        /// Whether the first answer to some arguments stands for the whole query, though another is possible.
        let isKept: Bool

        init(_ builtin: Builtin) {
            name = builtin.name
            run = builtin.run
            isKept = !builtin.isPure && builtin.declaration.result != nil
        }
    }

    /// The names of the plans: what can be evaluated.
    public var entryPoints: [String] { plans.keys.sorted() }

    /// - Throws: domain `rego`: a call of a function that neither the policy nor `builtins` has, a string or block that
    ///   does not exist, or too much of anything.
    public init(_ policy: IR.Policy, builtins: BuiltinRegistry = .standard) throws(GatehouseError) {
        var builder = ProgramBuilder(policy, registry: builtins)
        var functions: [Function] = []
        for function in policy.functions {
            functions.append(
                try builder.compile(function.name, function.parameters, function.blocks, returns: function.result))
        }
        var plans: [String: Function] = [:]
        for plan in policy.plans {
            plans[plan.name] = try builder.compile(plan.name, [0, 1], plan.blocks, returns: nil)
        }
        self.functions = FixedTable(functions)
        self.plans = plans
        code = FixedTable(builder.code)
        placeOf = builder.placeOf
        places = builder.places
        files = policy.files
        constants = FixedTable(builder.constants)
        lists = FixedTable(builder.lists)
        self.builtins = FixedTable(builder.builtins.map(BuiltinEntry.init))
        functionByPath = Dictionary(
            policy.functions.enumerated().lazy.filter { !$1.path.isEmpty }.map { index, function in
                (.array(RegoArray(function.path.map { RegoValue($0) })), index)
            }, uniquingKeysWith: { _, last in last })
    }

    /// `policy.rego:12:3`; nil when the policy does not say.
    func place(ofInstruction at: Int) -> String? {
        guard placeOf.indices.contains(at), placeOf[at] >= 0 else { return nil }
        let place = places[Int(placeOf[at])]
        let file = files.indices.contains(place.file) ? files[place.file] : "?"
        return "\(file):\(place.row):\(place.column)"
    }
}
