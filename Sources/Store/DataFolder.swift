import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder with everything one Gatehouse keeps, held by one process at a time.
///
/// The hold is a `flock` on the file `lock`, so that the kernel lets it go when the process ends in whatever way;
/// the process id written into the file is only there to be told.
public final class DataFolder: Sendable {
    public let path: String
    /// Nil once it is given up.
    private let descriptor: Mutex<Int32?>

    /// Creates the folder (mode 0700) where it is missing and takes hold of it.
    /// - Throws: `conflict` naming the process that holds it, `unavailable` where it cannot be made or written,
    ///   `denied` where other users may write to it.
    public init(_ path: String) throws {
        self.path = path
        try DataFolder.makeFolder(path)
        try DataFolder.checkFolder(path)
        descriptor = Mutex(try DataFolder.lock("\(path)/lock", folder: path))
    }

    deinit { release() }

    /// Gives the folder up. The lock is taken off by name before the file is closed: a child that is being started at this
    /// moment has a copy of the descriptor, and would keep the lock until it becomes another program.
    public func release() {
        descriptor.withLock { held in
            guard let open = held else { return }
            flock(open, LOCK_UN)
            close(open)
            held = nil
        }
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    private static func makeFolder(_ path: String) throws {
        var prefix = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            prefix += prefix.isEmpty && !path.hasPrefix("/") ? String(part) : "/\(part)"
            guard mkdir(prefix, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
            let cause = systemError()
            var status = stat()
            guard stat(prefix, &status) != 0 else { continue }
            throw GatehouseError(
                "store", .unavailable, "cannot make the data folder \(prefix)", cause: cause,
                hint: "choose another folder with --data, or make this one writable")
        }
    }

    private static func checkFolder(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw GatehouseError(
                "store", .unavailable, "\(path) is not a folder", hint: "choose another folder with --data")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw GatehouseError(
                "store", .denied, "other users may write to the data folder \(path)",
                hint: "run: chmod go-w '\(path)', or choose a folder of its own with --data")
        }
    }

    private static func lock(_ file: String, folder: String) throws -> Int32 {
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw GatehouseError(
                "store", .unavailable, "cannot write to the data folder \(folder)", cause: systemError(),
                hint: "make it writable for this user, or choose another with --data")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = readHolder(descriptor)
            close(descriptor)
            throw GatehouseError(
                "store", .conflict, "the data folder \(folder) is in use by process \(holder)",
                hint: "stop that process, or choose another folder with --data")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let cause = systemError()
            close(descriptor)
            throw GatehouseError("store", .unavailable, "cannot write \(file)", cause: cause, hint: "is the disk full?")
        }
        return descriptor
    }

    private static func readHolder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "(unknown)" : String(decoding: digits, as: UTF8.self)
    }
}

/// The words of the C library for the last failed call.
func systemError() -> String { String(cString: strerror(errno)) }
