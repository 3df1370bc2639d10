internal import Core

/// Gathers what the functions of a program share while they are compiled.
struct ProgramBuilder {
    let policy: IR.Policy
    let registry: BuiltinRegistry
    let functionIndex: [String: Int]
    let quiet: QuietFunctions

    var code: [Instruction] = []
    var placeOf: [Int32] = []
    var places: [IR.Place] = []
    var constants: [RegoValue?] = []
    var lists: [Int32] = []
    var builtins: [Builtin] = []
    var observations: [IR.Observation] = []

    private var constantIndex: [RegoValue: Int32] = [:]
    private var spelledIndex: [String: Int32] = [:]
    private var builtinIndex: [String: Int32] = [:]

    static let greatestCode = 10_000_000

    init(_ policy: IR.Policy, registry: BuiltinRegistry) {
        self.policy = policy
        self.registry = registry
        functionIndex = Dictionary(policy.functions.enumerated().map { ($1.name, $0) }) { _, last in last }
        quiet = QuietFunctions(policy, functionIndex, registry)
        // The complement of 0: undefined.
        constants.append(nil)
    }

    mutating func compile(
        _ name: String, _ parameters: [IR.Local], _ blocks: [IR.Block], returns: IR.Local?
    ) throws(GatehouseError) -> Program.Function {
        let use = LocalUse(blocks)
        let blocks = ConstantFolding(use, self).fold(blocks)
        var compiler = FunctionCompiler(name, parameters, use)
        try compiler.compile(blocks, returns: returns, into: &self)
        let start = code.count
        compiler.link(into: &self)
        guard code.count <= Self.greatestCode else {
            throw GatehouseError("rego", .tooLarge, "the policy has more than \(Self.greatestCode) instructions")
        }
        return Program.Function(
            name: name, start: start, registers: compiler.greatestRegister, parameters: parameters.count)
    }

    static let undefined: Int32 = ~0

    /// The operand that stands for a constant.
    mutating func constant(_ value: RegoValue) -> Int32 {
        // Equal numbers may be spelled differently, and containers hold numbers: those are never shared.
        switch value {
        case .number(let number):
            if let known = spelledIndex[number.spelling] { return known }
            let operand = add(value)
            spelledIndex[number.spelling] = operand
            return operand
        case .null, .bool, .string:
            if let known = constantIndex[value] { return known }
            let operand = add(value)
            constantIndex[value] = operand
            return operand
        case .array, .object, .set: return add(value)
        }
    }

    private mutating func add(_ value: RegoValue) -> Int32 {
        constants.append(value)
        return ~Int32(truncatingIfNeeded: constants.count - 1)
    }

    mutating func list(_ operands: [Int32]) -> Int32 {
        lists.append(Int32(truncatingIfNeeded: operands.count))
        lists.append(contentsOf: operands)
        return Int32(truncatingIfNeeded: lists.count - operands.count - 1)
    }

    /// The index of a builtin, nil when the registry has none of the name.
    mutating func builtin(_ name: String) -> Int32? {
        if let known = builtinIndex[name] { return known }
        guard let builtin = registry[name] else { return nil }
        builtins.append(builtin)
        let index = Int32(truncatingIfNeeded: builtins.count - 1)
        builtinIndex[name] = index
        return index
    }

    mutating func observe(_ observation: IR.Observation) throws(GatehouseError) -> Int32 {
        guard policy.points.indices.contains(observation.point) else {
            throw GatehouseError("rego", .invalid, "the compiled policy observes a point that does not exist")
        }
        observations.append(observation)
        return Int32(truncatingIfNeeded: observations.count - 1)
    }

    mutating func place(_ place: IR.Place?) -> Int32 {
        guard let place else { return -1 }
        if places.last != place { places.append(place) }
        return Int32(truncatingIfNeeded: places.count - 1)
    }
}
