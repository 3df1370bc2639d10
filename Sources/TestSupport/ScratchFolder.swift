#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A private folder (mode 0700) for a test. It is gone, with all that it holds, when this object is, or earlier on
/// ``remove()``: hold on to the object for as long as the folder is needed, or use ``with(_:)``.
public final class ScratchFolder: Sendable {
    /// Short, since a socket in it may have a path of 107 bytes.
    public let path: String

    public init() {
        var template = Array("/tmp/gatehouse-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no folder can be made in /tmp")
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { remove() }

    /// A folder for as long as the body takes, however it ends.
    public static func with<Result>(_ body: (String) async throws -> Result) async rethrows -> Result {
        let folder = ScratchFolder()
        defer { folder.remove() }
        return try await body(folder.path)
    }

    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Removes the folder. It is put out of the way first, so that what still writes there by its path, such as a
    /// database that is being closed, puts nothing in while it is emptied.
    public func remove() {
        let aside = "\(path).gone"
        if rename(path, aside) == 0 { Self.remove(aside) }
    }

    /// Removes a file or a whole tree, links not followed. What is not there is no error.
    public static func remove(_ path: String) { remove(Array(path.utf8CString)) }

    /// By bytes, since names need not be UTF-8.
    private static func remove(_ path: [CChar]) {
        if unlink(path) == 0 { return }
        chmod(path, 0o700)
        // Whoever was opening a file when the folder was put aside may still come in with it.
        for _ in 0..<100 {
            for name in entries(of: path) { remove(path.dropLast() + [CChar(bitPattern: UInt8(ascii: "/"))] + name) }
            if rmdir(path) == 0 || errno != ENOTEMPTY { return }
        }
    }

    /// What a folder holds, in no order; empty for what is none.
    public static func names(in path: String) -> [String] {
        entries(of: Array(path.utf8CString)).map { name in
            String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Names, each with its zero at the end.
    private static func entries(of path: [CChar]) -> [[CChar]] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [[CChar]] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map(CChar.init(bitPattern:)) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name + [0]) }
        }
        return names
    }
}
