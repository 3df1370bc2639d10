internal import Core
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file that is read and written at given places. Safe to use from many threads: it holds no position.
final class DiskFile: Sendable {
    let path: String
    private let descriptor: CInt

    /// `open` of POSIX, which the methods of the same name hide.
    private static func openFile(_ path: String, _ flags: CInt, _ mode: UInt32 = 0) -> CInt {
        #if canImport(Glibc)
            Glibc.open(path, flags, mode)
        #else
            Musl.open(path, flags, mode)
        #endif
    }

    private init(path: String, descriptor: CInt) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    enum Access {
        case read, readWrite
        /// Makes the file when it is not there.
        case create
    }

    static func open(_ path: String, _ access: Access) throws(GatehouseError) -> DiskFile {
        let flags =
            switch access {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .create: O_RDWR | O_CREAT
            }
        let descriptor = openFile(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemCall.error("cannot open \(path)", errno) }
        return DiskFile(path: path, descriptor: descriptor)
    }

    static func openIfPresent(_ path: String) throws(GatehouseError) -> DiskFile? {
        do {
            return try open(path, .read)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    func status() throws(GatehouseError) -> (size: UInt64, mode: UInt32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemCall.error("cannot examine \(path)", errno) }
        return (UInt64(status.st_size), UInt32(status.st_mode))
    }

    func size() throws(GatehouseError) -> UInt64 { try status().size }

    /// Reads as much as there is, up to the buffer's size.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(GatehouseError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemCall.error("cannot read \(path) at \(offset)", errno)
            }
            done += count
        }
        return done
    }

    /// Exactly `count` bytes.
    /// - Throws: `corrupt` when the file ends before.
    func read(at offset: UInt64, count: Int) throws(GatehouseError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: GatehouseError?
        var got = 0
        bytes.withUnsafeMutableBytes { buffer in
            do throws(GatehouseError) { got = try read(into: buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
        guard got == count else {
            throw GatehouseError(
                "ledger", .corrupt, "\(path) ends at \(offset + UInt64(got)), \(count - got) bytes short")
        }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(GatehouseError) {
        var failed: CInt = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = pwrite(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset) + off_t(done))
                if count < 0 {
                    if errno == EINTR { continue }
                    failed = errno
                    return
                }
                done += count
            }
        }
        if failed != 0 { throw SystemCall.error("cannot write \(path)", failed) }
    }

    func truncate(to size: UInt64) throws(GatehouseError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemCall.error("cannot shorten \(path)", errno) }
    }

    /// Waits until what was written is on the disk, with the length needed to find it again.
    func sync() throws(GatehouseError) {
        while fdatasync(descriptor) != 0 {
            if errno == EINTR { continue }
            throw SystemCall.error("cannot make \(path) durable", errno)
        }
    }

    /// Takes the file's lock without waiting; false when another holds it.
    fileprivate func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    fileprivate func unlock() { flock(descriptor, LOCK_UN) }

    // MARK: - Directories and whole files

    static func makeDirectory(_ path: String) throws(GatehouseError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemCall.error("cannot make \(path)", errno) }
    }

    /// Puts a file in place as a whole: after a crash there is the old one or the new one.
    static func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(GatehouseError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = openFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemCall.error("cannot make \(temporary)", errno) }
        let file = DiskFile(path: temporary, descriptor: descriptor)
        do throws(GatehouseError) {
            try file.write(bytes, at: 0)
            try file.sync()
        } catch {
            unlink(temporary)
            throw error
        }
        try move(temporary, to: path)
    }

    static func move(_ source: String, to path: String) throws(GatehouseError) {
        guard rename(source, path) == 0 else { throw SystemCall.error("cannot replace \(path)", errno) }
        try syncDirectory(of: path)
    }

    /// Makes the names in the directory that holds `path` durable.
    static func syncDirectory(of path: String) throws(GatehouseError) {
        let end = path.lastIndex(of: "/")
        let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = openFile(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCall.error("cannot open \(directory)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemCall.error("cannot make \(directory) durable", errno) }
    }
}

enum SystemCall {
    static func error(_ message: String, _ number: CInt) -> GatehouseError {
        let cause = String(cString: strerror(number))
        switch number {
        case ENOENT: return GatehouseError("ledger", .notFound, message, cause: cause)
        case EACCES, EPERM, EROFS: return GatehouseError("ledger", .denied, message, cause: cause)
        case ENOSPC, EDQUOT, EFBIG:
            return GatehouseError(
                "ledger", .exhausted, message, cause: cause,
                hint: "make room on the disk; nothing that was acknowledged is lost")
        default: return GatehouseError("ledger", .unavailable, message, cause: cause)
        }
    }
}

/// Holds a file's lock for as long as it lives.
final class FileLock: Sendable {
    private let file: DiskFile

    /// Nil when another holds it.
    init?(_ path: String) throws(GatehouseError) {
        file = try DiskFile.open(path, .create)
        guard file.lock() else { return nil }
    }

    /// Said aloud, since closing is not enough while a child that is just being started has the descriptor too.
    deinit { file.unlock() }
}

/// A file that is written from front to back beside its place, and put there when it is whole.
final class WholeFile: Sendable {
    private let path: String
    private let file: DiskFile
    private let written = Mutex<UInt64>(0)

    init(_ path: String) throws(GatehouseError) {
        self.path = path
        unlink(path + ".new")
        file = try DiskFile.open(path + ".new", .create)
    }

    deinit { unlink(path + ".new") }

    func append(_ bytes: [UInt8]) throws(GatehouseError) {
        let offset = written.withLock { offset in
            defer { offset += UInt64(bytes.count) }
            return offset
        }
        try file.write(bytes, at: offset)
    }

    func finish() throws(GatehouseError) {
        try file.sync()
        try DiskFile.move(path + ".new", to: path)
    }
}
