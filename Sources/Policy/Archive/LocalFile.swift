internal import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files of this machine.
enum LocalFile {
    enum Kind { case file, folder, link, other }

    /// Of the path itself, links not followed; nil when there is nothing.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// Absolute and without links; nil when there is nothing.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func names(in folder: String, limit: Int) throws(GatehouseError) -> [String] {
        guard let handle = opendir(folder) else { throw problem("cannot read the folder", folder) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            guard names.count <= limit else {
                throw GatehouseError("policy", .tooLarge, "\(folder) has more than \(limit) entries")
            }
        }
        return names
    }

    /// - Throws: `not_found`, `unavailable`, `invalid` for what is no regular file, `too_large`.
    static func read(_ path: String, limit: Int) throws(GatehouseError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw problem("cannot read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw GatehouseError("policy", .invalid, "\(path) is not a regular file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, &buffer, buffer.count)
            #else
                let count = Darwin.read(descriptor, &buffer, buffer.count)
            #endif
            guard count >= 0 else { throw problem("cannot read", path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw GatehouseError("policy", .tooLarge, "\(path) has more than \(limit) bytes")
            }
        }
    }

    /// Written beside it and moved, so that a reader sees the old or the new file whole.
    static func replace(_ path: String, with bytes: [UInt8]) throws(GatehouseError) {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw problem("cannot write", temporary) }
        var isWhole = true
        var at = 0
        while at < bytes.count, isWhole {
            let count = bytes[at...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            isWhole = count > 0
            at += max(0, count)
        }
        isWhole = fsync(descriptor) == 0 && isWhole
        close(descriptor)
        guard isWhole, rename(temporary, path) == 0 else {
            let error = problem("cannot write", path)
            unlink(temporary)
            throw error
        }
    }

    static func makeFolder(_ path: String) throws(GatehouseError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw problem("cannot make the folder", path) }
    }

    private static func problem(_ what: String, _ path: String) -> GatehouseError {
        let code: GatehouseError.Code = errno == ENOENT ? .notFound : .unavailable
        return GatehouseError("policy", code, "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
