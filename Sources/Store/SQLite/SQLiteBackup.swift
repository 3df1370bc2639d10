import Core
import GRDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A consistent copy of an open database. It is made beside the target, checked and flushed, and only then given its
/// name: a file at the target is always a whole backup.
enum SQLiteBackup {
    static func run(from pool: DatabasePool, to target: String) throws {
        var status = stat()
        guard lstat(target, &status) != 0 else {
            throw GatehouseError("store", .conflict, "the backup \(target) exists already", hint: "choose another name")
        }
        let partial = "\(target).partial"
        unlink(partial)
        try SQLiteFile.prepare(partial)
        do {
            try copy(from: pool, to: partial)
            try SQLiteFile.flush(partial)
            guard link(partial, target) == 0 else { throw SQLiteFile.cannotOpen(target, systemError()) }
            unlink(partial)
            try SQLiteFile.flush(target.lastIndex(of: "/").map { String(target[...$0]) } ?? ".")
        } catch {
            unlink(partial)
            throw SQLiteErrors.translate(error, path: target)
        }
    }

    private static func copy(from pool: DatabasePool, to partial: String) throws {
        let copy = try DatabaseQueue(path: partial)
        try pool.backup(to: copy)
        try copy.writeWithoutTransaction { database in
            // The copy leaves WAL mode, so that it is one file.
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
            let problems = try String.fetchAll(database, sql: "PRAGMA quick_check(5)")
            guard problems == ["ok"] else { throw SQLiteErrors.damaged(partial, problems.joined(separator: "; ")) }
        }
        try copy.close()
    }
}
