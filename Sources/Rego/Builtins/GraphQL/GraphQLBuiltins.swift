/// `graphql.*`
enum GraphQLBuiltins {
    private static let document = RegoType.either(.string, .anyObject)

    static let all: [Builtin] = [
        Builtin("graphql.parse_query", [.string], .anyObject) { arguments, context throws(BuiltinError) in
            var parser = try GraphQLParser(try arguments.text(0), context)
            return GraphQLParser.prune(try parser.query())
        },
        Builtin("graphql.parse_schema", [.string], .anyObject) { arguments, context throws(BuiltinError) in
            var parser = try GraphQLParser(try arguments.text(0), context)
            return GraphQLParser.prune(try parser.schema())
        },
        Builtin("graphql.parse", [document, document], .array([.anyObject, .anyObject], rest: nil)) {
            arguments, context throws(BuiltinError) in
            let (query, schema) = try verified(arguments, context)
            return [query, schema]
        },
        Builtin(
            "graphql.parse_and_verify", [document, document], .array([.boolean, .anyObject, .anyObject], rest: nil)
        ) {
            arguments, context throws(BuiltinError) in
            do throws(BuiltinError) {
                let (query, schema) = try verified(arguments, context)
                return [true, query, schema]
            } catch {
                if error.isFatal { throw error }
                return [false, [:], [:]]
            }
        },
        Builtin("graphql.is_valid", [document, document], .boolean) { arguments, context throws(BuiltinError) in
            do throws(BuiltinError) { _ = try verified(arguments, context) } catch {
                if error.isFatal { throw error }
                return false
            }
            return true
        },
        Builtin("graphql.schema_is_valid", [document], .boolean) { arguments, context throws(BuiltinError) in
            do throws(BuiltinError) {
                _ = try GraphQLSchema(try object(arguments, 0, isQuery: false, context), context)
            } catch {
                if error.isFatal { throw error }
                return false
            }
            return true
        },
    ]

    /// A text is parsed, an object taken for what parsing gives.
    private static func object(
        _ arguments: [RegoValue], _ at: Int, isQuery: Bool, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoObject {
        switch arguments[at] {
        case .object(let object): return object
        case .string(let string):
            var parser = try GraphQLParser(string.text, context)
            return (isQuery ? try parser.query() : try parser.schema()).object ?? RegoObject()
        default: throw .operand(at + 1, arguments[at], mustBe: .string, .object)
        }
    }

    private static func verified(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> (query: RegoValue, schema: RegoValue) {
        let query = try object(arguments, 0, isQuery: true, context)
        let schema = try object(arguments, 1, isQuery: false, context)
        var validator = GraphQLValidator(try GraphQLSchema(schema, context), context)
        try validator.validate(query)
        return (GraphQLParser.prune(.object(query)), GraphQLParser.prune(.object(schema)))
    }
}
