/// OPA's intermediate representation of compiled policies (https://www.openpolicyagent.org/docs/ir).
///
/// A plan is a list of blocks of statements over numbered local variables. A statement either goes on, or is
/// *undefined*, which ends its block. Local 0 is `input` and local 1 is `data` in plans and functions.
public enum IR {
    /// A numbered variable of a plan or function.
    public typealias Local = Int

    public struct Policy: Sendable, Hashable {
        public var strings: [String]
        /// The names of the modules that statements' places refer to.
        public var files: [String]
        /// The builtins that are called, each by name.
        public var builtins: [String]
        public var plans: [Plan]
        public var functions: [Function]
        /// What ``Operation/observe(_:)`` speaks of; empty unless the policy was compiled to be observed.
        public var points: [Point] = []

        public init(
            strings: [String] = [], files: [String] = [], builtins: [String] = [], plans: [Plan] = [],
            functions: [Function] = []
        ) {
            self.strings = strings
            self.files = files
            self.builtins = builtins
            self.plans = plans
            self.functions = functions
        }
    }

    /// An entry point: its result is the set of values given to ``Operation/resultSetAdd(_:)``.
    public struct Plan: Sendable, Hashable {
        public var name: String
        public var blocks: [Block]

        public init(name: String, blocks: [Block]) {
            self.name = name
            self.blocks = blocks
        }
    }

    /// A rule or a function. Its blocks run one after the other; it returns by a statement.
    public struct Function: Sendable, Hashable {
        /// As calls name it: `g0.data.example.allow`.
        public var name: String
        /// The first two are `input` and `data`; a rule has no others.
        public var parameters: [Local]
        public var result: Local
        public var blocks: [Block]
        /// For calls whose path is known only when they are made: `["g0", "example", "allow"]`.
        public var path: [String]

        public init(name: String, parameters: [Local], result: Local, blocks: [Block], path: [String] = []) {
            self.name = name
            self.parameters = parameters
            self.result = result
            self.blocks = blocks
            self.path = path
        }
    }

    public struct Block: Sendable, Hashable {
        public var statements: [Statement]

        public init(_ statements: [Statement] = []) { self.statements = statements }
    }

    public struct Statement: Sendable, Hashable {
        public var operation: Operation
        public var place: Place?

        public init(_ operation: Operation, at place: Place? = nil) {
            self.operation = operation
            self.place = place
        }
    }

    /// Where in the policy's text a statement comes from.
    public struct Place: Sendable, Hashable {
        /// Index into ``Policy/files``.
        public var file: Int
        /// From 1.
        public var row: Int
        public var column: Int

        public init(file: Int, row: Int, column: Int) {
            self.file = file
            self.row = row
            self.column = column
        }
    }

    public enum Operand: Sendable, Hashable {
        case local(Local)
        case bool(Bool)
        /// Index into ``Policy/strings``.
        case string(Int)
    }
}
