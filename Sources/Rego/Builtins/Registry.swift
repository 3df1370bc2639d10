/// A function that the engine brings along.
public struct Builtin: Sendable {
    /// Returns nil for undefined. The arguments number as many as declared.
    public typealias Body =
        @Sendable (_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue?

    /// As a policy calls it: `array.concat`, `plus`.
    public let name: String
    public let declaration: Declaration
    /// Whether the result depends on nothing but the arguments.
    public let isPure: Bool
    public let run: Body

    public struct Declaration: Sendable, Hashable {
        public var arguments: [RegoType]
        /// Nil for a builtin that returns nothing (`print`).
        public var result: RegoType?
        /// Whether any number of arguments of the last type may follow.
        public var isVariadic: Bool
        /// Whether the result is a collection of all answers, as that of `walk`.
        public var isRelation: Bool
        /// How it is written between its operands: `+` for `plus`.
        public var infix: String?

        public init(
            _ arguments: [RegoType], _ result: RegoType?, isVariadic: Bool = false, isRelation: Bool = false,
            infix: String? = nil
        ) {
            self.arguments = arguments
            self.result = result
            self.isVariadic = isVariadic
            self.isRelation = isRelation
            self.infix = infix
        }
    }

    public init(_ name: String, _ declaration: Declaration, isPure: Bool = true, run: @escaping Body) {
        self.name = name
        self.declaration = declaration
        self.isPure = isPure
        self.run = run
    }

    /// `Builtin("count", [.anyArray], .number) { arguments, context throws(BuiltinError) in … }`
    public init(
        _ name: String, _ arguments: [RegoType], _ result: RegoType?, infix: String? = nil, isPure: Bool = true,
        run: @escaping Body
    ) {
        self.init(name, Declaration(arguments, result, infix: infix), isPure: isPure, run: run)
    }
}

/// Why a builtin gave no result. Makes the call undefined, or ends the evaluation where builtin errors are strict.
public struct BuiltinError: Error, Sendable, Hashable {
    /// OPA's codes.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case builtin = "eval_builtin_error"
        case type = "eval_type_error"
        case conflict = "eval_conflict_error"
        case cancelled = "eval_cancel_error"
        case `internal` = "eval_internal_error"
    }

    public var code: Code
    /// Without the builtin's name, which the engine puts before it.
    public var message: String
    /// Whether the evaluation ends even where builtin errors make calls undefined.
    public var isFatal: Bool

    public init(_ code: Code, _ message: String, isFatal: Bool = false) {
        self.code = code
        self.message = message
        self.isFatal = isFatal
    }

    public static func failure(_ message: String) -> BuiltinError { BuiltinError(.builtin, message) }

    /// `operand 1 must be array but got object`
    public static func operand(_ position: Int, _ value: RegoValue, mustBe types: RegoValue.Kind...) -> BuiltinError {
        let wanted = types.map { "\($0)" }
        let expected = wanted.count == 1 ? wanted[0] : "one of {\(wanted.joined(separator: ", "))}"
        return BuiltinError(.type, "operand \(position) must be \(expected) but got \(value.typeName)")
    }

    /// `operand 2 must be integer number but got floating-point number`, or any other words after "operand 2".
    public static func operand(_ position: Int, _ words: String) -> BuiltinError {
        BuiltinError(.type, "operand \(position) \(words)")
    }
}

/// Builtins by name.
public struct BuiltinRegistry: Sendable {
    private var builtins: [String: Builtin]

    /// Of builtins with the same name the last wins.
    public init(_ builtins: some Sequence<Builtin>) {
        self.builtins = Dictionary(builtins.map { ($0.name, $0) }) { _, last in last }
    }

    public subscript(name: String) -> Builtin? { builtins[name] }
    public var names: some Collection<String> { builtins.keys }

    /// The same builtins with others in addition or in their place.
    public func adding(_ others: some Sequence<Builtin>) -> BuiltinRegistry {
        BuiltinRegistry(Array(builtins.values) + Array(others))
    }
}
