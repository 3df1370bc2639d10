import Core
import GRDB

/// SQLite's result codes in the house's error shape. Messages carry statements and column names, never arguments.
enum SQLiteErrors {
    static func translate(_ error: any Error, path: String) -> GatehouseError {
        switch error {
        case let error as GatehouseError: error
        case let error as DatabaseError: translate(error, path: path)
        case is CancellationError:
            GatehouseError("store", .cancelled, "the read was cancelled")
        default: GatehouseError("store", .internal, "the transaction on \(path) failed", from: error)
        }
    }

    private static func translate(_ error: DatabaseError, path: String) -> GatehouseError {
        let cause = error.message ?? "SQLite result \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: return constraint(error, cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return GatehouseError(
                "store", .unavailable, "the database \(path) is locked by another process", cause: cause,
                hint: "close other programs that have it open, then try again")
        case .SQLITE_FULL:
            return GatehouseError(
                "store", .exhausted, "no room left to write to \(path); nothing of this change was kept", cause: cause,
                hint: "free space on the disk or raise the store's size limit")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: return damaged(path, cause)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            return GatehouseError(
                "store", .unavailable, "the database \(path) cannot be opened or written", cause: cause,
                hint: "check that the file and its folder belong to this user and are writable")
        case .SQLITE_IOERR, .SQLITE_NOLFS:
            return GatehouseError(
                "store", .unavailable, "the disk failed while working on \(path)", cause: cause,
                hint: "check the disk and the system log; nothing of this change was kept")
        case .SQLITE_TOOBIG:
            return GatehouseError("store", .tooLarge, "a value or statement is too large", cause: cause)
        case .SQLITE_INTERRUPT: return GatehouseError("store", .cancelled, "the statement was interrupted")
        case .SQLITE_MISMATCH: return GatehouseError("store", .invalid, "a value has the wrong type", cause: cause)
        default: return GatehouseError("store", .internal, "the statement failed", cause: describe(error, cause))
        }
    }

    private static func constraint(_ error: DatabaseError, _ cause: String) -> GatehouseError {
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            GatehouseError("store", .conflict, "a row with this key exists already", cause: cause)
        case .SQLITE_CONSTRAINT_FOREIGNKEY, .SQLITE_CONSTRAINT_TRIGGER:
            GatehouseError("store", .conflict, "a row that is referred to is missing or still in use", cause: cause)
        default: GatehouseError("store", .invalid, "the row breaks a rule of its table", cause: cause)
        }
    }

    static func damaged(_ path: String, _ cause: String) -> GatehouseError {
        GatehouseError(
            "store", .corrupt, "\(path) is damaged or is not a database", cause: cause,
            hint: "move the file away and restore a backup; do not delete it before")
    }

    private static func describe(_ error: DatabaseError, _ cause: String) -> String {
        guard let sql = error.sql else { return cause }
        return "\(cause) in: \(sql.prefix(200))"
    }
}
