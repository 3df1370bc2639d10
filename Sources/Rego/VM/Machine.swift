/// One evaluation: an instruction loop over a register file.
///
/// Frames are windows of the register file; functions do not call each other on the thread's stack.
struct Machine: ~Copyable {
    struct Frame {
        /// The call that the frame answers.
        var call: Int
        /// The caller's first register.
        var base: Int
        var function: Int
        var isRule: Bool
        /// The steps taken before the call.
        var steps: Int
        /// Under what to keep the result of an expensive function.
        var kept: RuleCache.Call?
    }

    let program: Program
    let options: EvaluationOptions
    /// Whether rules that cannot hold are passed over; not where errors of builtins that they would make count.
    let passesOver: Bool
    let code: UnsafePointer<Instruction>
    let constants: UnsafePointer<RegoValue?>
    let lists: UnsafePointer<Int32>

    /// Initialised below `top`.
    var registers: UnsafeMutablePointer<RegoValue?>
    var capacity: Int
    var base = 0
    var top = 0
    var at = 0
    var frames: [Frame] = []

    var rules = RuleCache()
    /// The functions that took many steps in some call.
    var expensive: Set<Int> = []
    var results = RegoSet()
    var arguments: [RegoValue] = []
    var answers: [Int32: [RegoArray: RegoValue?]] = [:]
    var context: BuiltinContext?
    /// Nil when nobody watches.
    var observation: Observation?

    var steps = 0
    var memory = 0
    var nextCheck: Int
    var deadline: ContinuousClock.Instant?

    static let stepsBetweenChecks = 8192
    /// A function that took more in one call has its results kept; keeping costs as much as a few dozen.
    static let expensiveSteps = 200
    /// 64 MiB of them.
    static let greatestRegisters = 1 << 22

    init(_ program: Program, _ options: EvaluationOptions) {
        self.program = program
        self.options = options
        passesOver = options.usesIndex && !options.isStrict
        code = UnsafePointer(program.code.pointer)
        constants = UnsafePointer(program.constants.pointer)
        lists = UnsafePointer(program.lists.pointer)
        capacity = 128
        registers = UnsafeMutablePointer.allocate(capacity: capacity)
        nextCheck = Swift.min(options.limits.steps, Self.stepsBetweenChecks)
    }

    deinit {
        registers.deinitialize(count: top)
        registers.deallocate()
    }

    mutating func evaluate(
        _ plan: Program.Function, input: RegoValue?, data: RegoValue
    ) throws(EvaluationError) -> RegoSet {
        reserve(plan.registers)
        registers.initialize(repeating: nil, count: plan.registers)
        top = plan.registers
        registers[0] = input
        registers[1] = data
        at = plan.start
        // Whoever may have to wait for servers is held to the time from the first moment on.
        if options.http != nil { deadline = ContinuousClock.now + options.limits.time }
        try run()
        return results
    }

    // MARK: Registers

    /// A register, or a constant where the operand is negative.
    @inline(__always)
    func pointer(_ operand: Int32) -> UnsafePointer<RegoValue?> {
        operand >= 0 ? UnsafePointer(registers + base + Int(operand)) : constants + Int(~operand)
    }

    @inline(__always)
    func register(_ number: Int32) -> UnsafeMutablePointer<RegoValue?> { registers + base + Int(number) }

    mutating func reserve(_ count: Int) {
        guard top + count > capacity else { return }
        let larger = Swift.max(capacity * 2, top + count)
        let moved = UnsafeMutablePointer<RegoValue?>.allocate(capacity: larger)
        moved.moveInitialize(from: registers, count: top)
        registers.deallocate()
        registers = moved
        capacity = larger
    }

    // MARK: Errors

    func failure(_ code: EvaluationError.Code, _ message: String) -> EvaluationError {
        EvaluationError(code, message, at: program.place(ofInstruction: at - 1))
    }

    func limit(_ what: String) -> EvaluationError { failure(.limit, "the evaluation was stopped: \(what)") }
}
