import CVectorscan
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Patterns as the engine has them. Immutable: any number of sets may stand on one.
struct CompiledPatterns: Sendable {
    let database: Database
    let scratches: ScratchPool
    /// In the order of the patterns.
    let traits: [PatternTrait]

    init(_ database: Database, _ traits: [PatternTrait]) throws(GatehouseError) {
        self.database = database
        self.traits = traits
        scratches = try ScratchPool(database)
    }

    /// Takes from microseconds to tens of milliseconds a pattern.
    init(compiling patterns: [Pattern], mode: PatternSet.Mode) throws(GatehouseError) {
        var compiler = PatternCompiler(patterns, mode: mode)
        let database = try compiler.compile()
        try self.init(database, zip(patterns, compiler.flags).map { PatternTrait($0, flags: $1) })
    }
}

/// What is known of one compiled pattern.
struct PatternTrait: Sendable, Hashable {
    var reportsStart: Bool
    /// False where it is only approximated.
    var isExact: Bool
    /// Whether it can match because the input ends (`$`).
    var needsEnd: Bool
    /// The length in bytes of every match, where they are all as long.
    var width: Int?
}

extension PatternTrait {
    fileprivate init(_ pattern: Pattern, flags: UInt32) {
        reportsStart = flags & UInt32(HS_FLAG_SOM_LEFTMOST) != 0
        isExact = flags & UInt32(HS_FLAG_PREFILTER) == 0
        (needsEnd, width) = (true, nil)

        var info: UnsafeMutablePointer<hs_expr_info_t>?
        var problem: UnsafeMutablePointer<hs_compile_error_t>?
        let status = hs_expression_info(pattern.expression, flags, &info, &problem)
        defer {
            free(info)
            hs_free_compile_error(problem)
        }
        guard status == HS_SUCCESS, let info = info?.pointee else { return }
        needsEnd = info.matches_at_eod != 0
        // In UTF-8 mode case folding may change a length.
        let isExactBytes = isExact && flags & UInt32(HS_FLAG_UTF8) == 0
        if isExactBytes, info.min_width == info.max_width { width = Int(info.min_width) }
    }
}
