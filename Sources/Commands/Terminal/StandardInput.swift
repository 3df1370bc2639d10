import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum StandardInput {
    /// All of it.
    ///
    /// - Parameter limit: bytes; more is refused.
    static func read(limit: Int) throws -> [UInt8] {
        try WholeFile.read(descriptor: STDIN_FILENO, "stdin", limit: limit)
    }
}
