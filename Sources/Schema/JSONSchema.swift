public import Core
public import JSON

/// A JSON Schema, read once and then used on any number of values (JSON Schema 2020-12; draft-07 where `$schema`
/// says so).
///
/// Nothing is ever fetched: a `$ref` leads into the schema itself or into one of the documents given beside it, and any
/// other is an error that names it. Work is bounded by ``Limits``: a value whose checking passes a bound is not valid.
/// `format` and the `content…` keywords are annotations and check nothing, save `format` where it is asked for.
public struct JSONSchema: Sendable {
    /// Bounds on schemas and on the work of checking a value.
    public struct Limits: Sendable, Hashable {
        /// Subschemas in all documents together.
        public var subschemas = 50_000
        /// Schemas within each other, and checks within each other (a `$ref` that leads to itself ends here). Each level
        /// takes some stack, hence no more than 1,024.
        public var depth = 384
        /// Keywords looked at and values compared for one value to be checked; a million take about a second in a debug
        /// build and a tenth of it in a release.
        public var steps = 2_000_000
        /// Violations told; checking ends with the last of them.
        public var violations = 32
        /// Calls of the matching function for one `pattern` and one text.
        public var patternWork = 100_000

        public init() {}
    }

    /// The versions of JSON Schema that are known.
    public enum Dialect: Sendable, Hashable {
        /// 2020-12.
        case latest
        case draft07
    }

    public struct Options: Sendable {
        /// For a schema that has no `$schema`.
        public var dialect = Dialect.latest
        /// Whether `format` is checked. Of the formats that are known; the others stay annotations.
        public var checksFormats = false
        /// Schemas that a `$ref` may name, by their absolute URI.
        public var documents: [String: JSON] = [:]
        public var limits = Limits()

        public init() {}
    }

    let program: Program

    /// Reads the schema: the forms of all keywords that are known, all references, all patterns.
    ///
    /// - Throws: `invalid` where a keyword has no valid form, `unsupported` for another dialect or a reference to
    ///   something that is not here, `tooLarge` past a limit. The message has the JSON Pointer of the place.
    public init(_ schema: JSON, options: Options = Options()) throws(GatehouseError) {
        var compiler = Compiler(options)
        program = try compiler.compile(schema)
    }

    /// What is wrong with the value: nothing when it is valid.
    public func validate(_ value: JSON) -> [Violation] {
        var evaluator = Evaluator(program)
        return evaluator.violations(of: value)
    }
}

/// A keyword that a value does not satisfy. It holds none of the value's own texts or numbers.
public struct Violation: Sendable, Hashable {
    /// JSON Pointer of the value, empty for the whole.
    public var path: String
    /// JSON Pointer of the keyword in its schema, after the schema's URI where that is another document.
    public var schemaPath: String
    /// In English, for whoever made the value: `must be string, not integer`.
    public var message: String
}
