/// What an evaluation did, in order.
public struct Trace: Sendable {
    /// What happened; OPA's names.
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        /// A rule, a branch of `else`, a query or the body of a comprehension or `every` begins.
        case enter = "Enter"
        /// An expression is evaluated.
        case eval = "Eval"
        /// An expression has another answer; what follows it is evaluated again.
        case redo = "Redo"
        /// An expression has no answer.
        case fail = "Fail"
        /// The rule or body has given an answer.
        case exit = "Exit"
        /// What `trace()` says; at the end also the error that ended the evaluation.
        case note = "Note"
    }

    /// What an event is about.
    public enum Subject: String, Sendable, Hashable, CaseIterable {
        case rule, body, expr
    }

    public struct Variable: Sendable, Hashable {
        /// Of a variable, or a part of the expression as it is written: `user`, `input.age`, `count(roles)`.
        public var name: String
        /// A text with the beginning of the value where that is too large to be kept.
        public var value: RegoValue
        public var isCut: Bool

        /// Whether it is a part of an expression and not a variable.
        var isPart: Bool { name.utf8.contains { $0 <= 0x2F || $0 == UInt8(ascii: "[") } }
    }

    public struct Event: Sendable, Hashable {
        public var operation: Operation
        public var subject: Subject
        /// Each rule or body that was entered has a number; that around it is the parent. 0 is around all.
        public var query: Int
        public var parent: Int
        /// How many rules and bodies are around it.
        public var depth: Int
        /// The expression as the policy spells it, or the rule's name.
        public var node: String
        public var file: String
        /// From 1.
        public var row: Int
        public var column: Int
        /// The variables and parts of the expression that have values: of one that holds at the end, of one that fails as
        /// far as it came.
        public var variables: [Variable]
        /// Of a note.
        public var message: String = ""
    }

    public internal(set) var events: [Event] = []
    /// Whether there was more than the limits let be kept.
    public internal(set) var isCut = false
}
