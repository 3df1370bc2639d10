import Core
import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is checked about the database file before and after SQLite opens it.
enum SQLiteFile {
    /// "GTHS": marks the file as ours (`file` and `sqlite3` show it).
    static let applicationID = 0x4754_4853
    /// The layout of the store itself, apart from the rooms' migrations.
    static let format = 1

    /// Makes an empty file of mode 0600 where there is none; SQLite gives its side files the same mode.
    ///
    /// An existing file is only looked at, never opened: closing a second descriptor of it would drop the locks that
    /// SQLite holds in this process (POSIX record locks).
    static func prepare(_ path: String) throws {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw cannotOpen(path, systemError()) }
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 || errno == EEXIST else { throw cannotOpen(path, systemError()) }
            if descriptor >= 0 { close(descriptor) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw cannotOpen(path, "it is not a regular file") }
        if status.st_mode & 0o077 != 0 { _ = chmod(path, 0o600) }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard access(path, R_OK | W_OK) == 0 else { throw cannotOpen(path, systemError()) }
        guard access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0 else {
            throw cannotOpen(path, "its folder: \(systemError())")
        }
    }

    /// Refuses a file that another application, or a newer format, owns. Runs before anything is written.
    static func checkOwner(_ database: Database, path: String) throws {
        let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if owner == applicationID {
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found <= format else {
                throw GatehouseError(
                    "store", .conflict, "\(path) has format \(found); this version knows \(format)",
                    hint: "it was written by a newer version: install that one, or restore a backup from before it")
            }
            return
        }
        let objects = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        guard owner == 0, objects == 0 else {
            throw GatehouseError(
                "store", .conflict, "\(path) is a database of another application",
                hint: "choose another file or data folder")
        }
    }

    static func mark(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(format)")
    }

    static func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Flushes a file, or a folder's entries, to the device.
    static func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw cannotOpen(path, systemError()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw cannotOpen(path, systemError()) }
    }

    static func cannotOpen(_ path: String, _ cause: String) -> GatehouseError {
        GatehouseError(
            "store", .unavailable, "cannot open the database file \(path)", cause: cause,
            hint: "check that its folder exists and belongs to this user")
    }
}
