extension BuiltinRegistry {
    /// All that the engine has. A new family is a file with `static let all: [Builtin]` and a line here.
    public static let standard = BuiltinRegistry(families.flatMap(\.self))

    private static let families: [[Builtin]] = [
        ComparisonBuiltins.all, NumberBuiltins.all, BitsBuiltins.all, AggregateBuiltins.all, ArrayBuiltins.all,
        SetBuiltins.all, ObjectBuiltins.all, TypeBuiltins.all, StringBuiltins.all,
        EncodingBuiltins.all, UnitBuiltins.all, SemVerBuiltins.all, UUIDBuiltins.all, GraphBuiltins.all,
        NetBuiltins.all, RegexBuiltins.all, GlobBuiltins.all,
        JSONBuiltins.all, YAMLBuiltins.all, EngineBuiltins.all, HTTPBuiltins.all, TimeBuiltins.all,
        CryptoBuiltins.all, JWTBuiltins.all, AWSSigning.all, SchemaBuiltins.all,
        GraphQLBuiltins.all,
    ]
}
