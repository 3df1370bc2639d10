import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that are read or written at one go.
enum WholeFile {
    /// Writes a file that is there anew: who may do what with it stays, and a link to it stays a link.
    static func rewrite(_ bytes: [UInt8], at path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, let real = realpath(path, nil) else { throw failure("cannot write", path) }
        defer { free(real) }
        try write(bytes, to: String(cString: real), mode: status.st_mode & 0o7777)
    }

    /// Writes beside the target and renames, so that a reader never sees half a report.
    static func write(_ bytes: [UInt8], to path: String) throws { try write(bytes, to: path, mode: nil) }

    /// - Parameter mode: nil for that of new files.
    private static func write(_ bytes: [UInt8], to path: String, mode: mode_t?) throws {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("cannot write", path) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                unlink(temporary)
                throw failure("cannot write", path)
            }
            offset += count
        }
        if let mode { fchmod(descriptor, mode) }
        guard rename(temporary, path) == 0 else {
            unlink(temporary)
            throw failure("cannot write", path)
        }
    }

    /// - Parameter limit: bytes; a larger file is refused.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot read", path) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, path, limit: limit)
    }

    /// - Parameter path: what messages call it.
    static func read(descriptor: Int32, _ path: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read", path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw GatehouseError("gatehouse", .tooLarge, "\(path) is larger than \(limit) bytes")
            }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func failure(_ what: String, _ path: String) -> GatehouseError {
        GatehouseError("gatehouse", .invalid, "\(what) \(path)", cause: String(cString: strerror(errno)))
    }
}

enum Folder {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, in order; none where it cannot be read.
    static func entries(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
