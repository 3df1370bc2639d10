#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Our own environment, variable by variable: the whole of it is handed to nobody.
enum ProcessEnvironment {
    static func value(of name: String) -> String? {
        guard !name.utf8.contains(0), let value = getenv(name) else { return nil }
        return String(cString: value)
    }
}
