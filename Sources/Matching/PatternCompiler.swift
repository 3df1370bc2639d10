import CVectorscan
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Compiles patterns together, falling back to pre-filtering for those that Vectorscan cannot take exactly.
struct PatternCompiler {
    private let patterns: [Pattern]
    private let mode: UInt32
    private(set) var flags: [UInt32]

    init(_ patterns: [Pattern], mode: PatternSet.Mode) {
        self.patterns = patterns
        flags = patterns.map { PatternCompiler.flags(of: $0.options) }
        switch mode {
        case .block: self.mode = UInt32(HS_MODE_BLOCK)
        case .streaming:
            // Starts are kept exactly as far back as a stream can go.
            let wantsStart = patterns.contains { $0.options.contains(.startOfMatch) }
            self.mode = UInt32(HS_MODE_STREAM) | (wantsStart ? UInt32(HS_MODE_SOM_HORIZON_LARGE) : 0)
        }
    }

    mutating func compile() throws(GatehouseError) -> Database {
        if let index = patterns.firstIndex(where: { $0.expression.utf8.contains(0) }) {
            throw error(Failure(index: index, message: "it holds a NUL byte; write \\x00"))
        }
        // A refused pattern is retried as a pre-filter once, so this ends after at most one round a pattern.
        while true {
            let failure: Failure
            switch attempt() {
            case .success(let database): return database
            case .failure(let reason): failure = reason
            }
            guard let index = failure.index, flags[index] & UInt32(HS_FLAG_PREFILTER) == 0 else { throw error(failure) }
            flags[index] |= UInt32(HS_FLAG_PREFILTER)
            flags[index] &= ~UInt32(HS_FLAG_SOM_LEFTMOST)
        }
    }

    private struct Failure: Error {
        var index: Int?
        var message: String
    }

    private func attempt() -> Result<Database, Failure> {
        // All expressions, each ended by NUL, one after the other; the engine wants a pointer to each.
        let text = patterns.flatMap { Array($0.expression.utf8CString) }
        var offset = 0
        let offsets = patterns.map { pattern in
            defer { offset += pattern.expression.utf8CString.count }
            return offset
        }
        let ids = Array(0..<UInt32(patterns.count))
        var pointer: OpaquePointer?
        var problem: UnsafeMutablePointer<hs_compile_error_t>?
        let status = text.withUnsafeBufferPointer { text in
            let expressions = offsets.map { text.baseAddress?.advanced(by: $0) }
            return hs_compile_multi(expressions, flags, ids, UInt32(patterns.count), mode, nil, &pointer, &problem)
        }
        defer { hs_free_compile_error(problem) }
        if status == HS_SUCCESS, let pointer { return .success(Database(pointer)) }
        let index = (problem?.pointee.expression).map(Int.init).flatMap { patterns.indices.contains($0) ? $0 : nil }
        let message = (problem?.pointee.message).map { String(cString: $0) } ?? "code \(status)"
        return .failure(Failure(index: index, message: message))
    }

    private func error(_ failure: Failure) -> GatehouseError {
        guard let index = failure.index else {
            return GatehouseError(
                "matching", .invalid, "\(patterns.count) patterns do not compile together", cause: failure.message)
        }
        let pattern = patterns[index]
        return GatehouseError(
            "matching", .invalid, "pattern \(pattern.id) does not compile: \(pattern.expression.prefix(200))",
            cause: failure.message)
    }

    private static func flags(of options: Pattern.Options) -> UInt32 {
        var flags = 0 as Int32
        if options.contains(.caseless) { flags |= HS_FLAG_CASELESS }
        if options.contains(.dotAll) { flags |= HS_FLAG_DOTALL }
        if options.contains(.multiline) { flags |= HS_FLAG_MULTILINE }
        if options.contains(.utf8) { flags |= HS_FLAG_UTF8 | HS_FLAG_UCP }
        if options.contains(.singleMatch) { flags |= HS_FLAG_SINGLEMATCH }
        if options.contains(.startOfMatch) { flags |= HS_FLAG_SOM_LEFTMOST }
        if options.contains(.allowEmpty) { flags |= HS_FLAG_ALLOWEMPTY }
        return UInt32(flags)
    }
}
