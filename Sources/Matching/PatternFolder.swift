#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of this user's alone, with files that may be gone at any time.
struct PatternFolder: Sendable {
    /// When there are more, all go, and it begins anew.
    static let mostFiles = 64

    private let path: String

    init(_ path: String) { self.path = path }

    /// The whole file; nil where it is missing, longer than `limit`, another user's, or open to others' changes.
    func read(_ name: String, limit: Int) -> [UInt8]? {
        let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o022 == 0, status.st_size > 0, status.st_size <= limit
        else { return nil }
        let size = Int(status.st_size)
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = PatternFolder.transfer(buffer.baseAddress, size) { pread(file, $0, $1, off_t($2)) }
            isWhole = count == size
        }
        return isWhole ? bytes : nil
    }

    /// All of it or nothing, whoever writes the same at the same time.
    func write(_ bytes: [UInt8], as name: String) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { return }
        clearIfFull()
        let draft = "\(path)/.\(name).\(getpid()).\(UInt32.random(in: .min ... .max))"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        let written = bytes.withUnsafeBytes { buffer in
            PatternFolder.transfer(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count) {
                pwrite(file, $0, $1, off_t($2))
            }
        }
        let isKept = written == bytes.count && fsync(file) == 0
        close(file)
        guard isKept, rename(draft, "\(path)/\(name)") == 0 else {
            unlink(draft)
            return
        }
    }

    private func clearIfFull() {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard names.count > Self.mostFiles else { return }
        for name in names { unlink("\(path)/\(name)") }
    }

    /// How many bytes went over, in as many calls as it took.
    private static func transfer(
        _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ call: (UnsafeMutableRawPointer, Int, Int) -> Int
    ) -> Int {
        guard let buffer else { return 0 }
        var done = 0
        while done < count {
            let moved = call(buffer + done, count - done, done)
            if moved < 0, errno == EINTR { continue }
            guard moved > 0 else { break }
            done += moved
        }
        return done
    }
}
