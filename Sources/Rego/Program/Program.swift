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
    /// Whether `http.send` is called somewhere.
    let sendsRequests: Bool
    let observations: [IR.Observation]
    let points: [IR.Point]

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
            // Each `trace` is to be seen.
            isKept = !builtin.isPure && builtin.declaration.result != nil && builtin.name != "trace"
        }
    }

    /// Whether a ``Tracer`` or ``CoverageCounter`` sees anything: the policy was compiled to be observed.
    public var isObserved: Bool { !points.isEmpty }

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
        observations = builder.observations
        points = policy.points
        code = FixedTable(builder.code)
        placeOf = builder.placeOf
        places = builder.places
        files = policy.files
        constants = FixedTable(builder.constants)
        lists = FixedTable(builder.lists)
        self.builtins = FixedTable(builder.builtins.map(BuiltinEntry.init))
        sendsRequests = builder.builtins.contains { $0.name == HTTPBuiltins.name }
        functionByPath = Dictionary(
            policy.functions.enumerated().lazy.filter { !$1.path.isEmpty }.map { index, function in
                (.array(RegoArray(function.path.map { RegoValue($0) })), index)
            }, uniquingKeysWith: { _, last in last })
    }

    /// `policy.rego:12:3`; nil when the policy does not say.
    func place(ofInstruction at: Int) -> String? {
        irPlace(ofInstruction: at).map { "\(file($0)):\($0.row):\($0.column)" }
    }

    func irPlace(ofInstruction at: Int) -> IR.Place? {
        guard placeOf.indices.contains(at), placeOf[at] >= 0 else { return nil }
        return places[Int(placeOf[at])]
    }

    func file(_ place: IR.Place) -> String { files.indices.contains(place.file) ? files[place.file] : "?" }
}
