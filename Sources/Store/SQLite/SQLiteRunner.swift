import Core
import FoundationEssentials
import GRDB

/// Statements of one transaction on one SQLite connection. Prepared statements are kept by the connection.
final class SQLiteRunner: StatementRunner {
    /// Larger values belong into files; SQLite itself ends at 1 GB.
    static let maximumValueBytes = 64 << 20

    private var database: Database?
    private let vetted: VettedStatements
    private let writable: Bool
    /// Statements whose rows are being read: running one of them again needs a second prepared statement.
    private var active: Set<String> = []

    init(_ database: Database, _ vetted: VettedStatements, writable: Bool) {
        self.database = database
        self.vetted = vetted
        self.writable = writable
    }

    /// The transaction is over: a runner that was kept refuses from now on.
    func end() { database = nil }

    func execute(_ sql: String, _ arguments: [Value]) throws -> Int {
        let (database, statement) = try prepare(sql, arguments)
        guard !statement.isReadonly else { throw PortableSQL.refusal("a query was given to execute", sql) }
        try statement.execute()
        return database.changesCount
    }

    func query(_ sql: String, _ arguments: [Value], _ body: (Row) throws -> Bool) throws {
        let (_, statement) = try prepare(sql, arguments)
        let nested = !active.insert(sql).inserted
        defer { if !nested { active.remove(sql) } }
        let columns = statement.columnNames
        let cursor = try GRDB.Row.fetchCursor(statement)
        while let found = try cursor.next() {
            let values = (0..<columns.count).map { SQLiteRunner.value(found[$0] as DatabaseValue) }
            guard try body(Row(columns: columns, values: values)) else { return }
        }
    }

    func hasTable(_ name: String) throws -> Bool { try open().tableExists(name) }

    func apply(_ step: Migration.Step) throws {
        let (sql, arguments) = try SQLiteSchema.statement(for: step)
        if case .data = step {
            _ = try execute(sql, arguments)
        } else {
            try open().execute(sql: sql)
        }
    }

    private func open() throws -> Database {
        guard let database else {
            throw GatehouseError("store", .internal, "a transaction was used after its end")
        }
        return database
    }

    private func prepare(_ sql: String, _ arguments: [Value]) throws -> (Database, Statement) {
        let database = try open()
        try vetted.check(sql)
        let statement =
            active.contains(sql) ? try database.makeStatement(sql: sql) : try database.cachedStatement(sql: sql)
        guard writable || statement.isReadonly else {
            throw GatehouseError("store", .internal, "a change was attempted in a read", cause: String(sql.prefix(200)))
        }
        // As optional values: of plain ones, GRDB asks by a key path that the runtime makes anew for each statement.
        var bound: [(any DatabaseValueConvertible)?] = []
        bound.reserveCapacity(arguments.count)
        for (index, argument) in arguments.enumerated() { bound.append(try SQLiteRunner.bind(argument, index + 1)) }
        try statement.setArguments(StatementArguments(bound))
        return (database, statement)
    }

    private static func bind(_ value: Value, _ position: Int) throws -> DatabaseValue {
        switch value {
        case .null: return .null
        case .integer(let number): return number.databaseValue
        case .real(let number):
            guard !number.isNaN else { throw refused(position, .invalid, "is not a number (NaN)") }
            return number.databaseValue
        case .text(let text):
            guard text.utf8.count <= maximumValueBytes else {
                throw refused(position, .tooLarge, "is longer than 64 MiB")
            }
            guard !text.utf8.contains(0) else {
                throw refused(position, .invalid, "holds a NUL character: store it as a blob")
            }
            return text.databaseValue
        case .blob(let bytes):
            guard bytes.count <= maximumValueBytes else { throw refused(position, .tooLarge, "is longer than 64 MiB") }
            return Data(bytes).databaseValue
        }
    }

    private static func refused(_ position: Int, _ code: GatehouseError.Code, _ reason: String) -> GatehouseError {
        GatehouseError("store", code, "argument \(position) \(reason)")
    }

    private static func value(_ value: DatabaseValue) -> Value {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .blob(let data): .blob([UInt8](data))
        }
    }
}
