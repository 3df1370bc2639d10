import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files of our own in a private folder.
enum ScratchFile {
    /// - Throws: `unavailable` where the disk does not take it.
    static func write(_ bytes: [UInt8], to path: String) throws(GatehouseError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        var isWritten = file >= 0
        var rest = bytes[...]
        while isWritten, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            isWritten = count > 0
            rest = rest.dropFirst(max(0, count))
        }
        if file >= 0 { close(file) }
        guard isWritten else {
            throw GatehouseError(
                "fixes", .unavailable, "cannot write \(path)", cause: String(cString: strerror(errno)))
        }
    }
}

extension ScratchFile {
    static func makeFolder(_ path: String) throws(GatehouseError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw GatehouseError(
                "fixes", .unavailable, "cannot make \(path)", cause: String(cString: strerror(errno)))
        }
    }

    /// The folders that a file lies in.
    static func makeFolders(above name: String, in folder: String) throws(GatehouseError) {
        var path = folder
        for part in name.split(separator: "/").dropLast() {
            path += "/\(part)"
            try makeFolder(path)
        }
    }
}

enum ProcessEnvironment {
    static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
