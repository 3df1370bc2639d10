import Core

/// Spells schema values in SQLite's words. Tables are STRICT, so that a column refuses what PostgreSQL would refuse.
enum SQLiteSchema {
    static func statement(for step: Migration.Step) throws -> (sql: String, arguments: [Value]) {
        switch step {
        case .table(let table): (try create(table), [])
        case .index(let index):
            (
                "CREATE \(index.unique ? "UNIQUE " : "")INDEX \(try name(index.name)) ON \(try name(index.table)) "
                    + "(\(try names(index.columns)))", []
            )
        case .column(let column, let table): ("ALTER TABLE \(try name(table)) ADD COLUMN \(try spell(column))", [])
        case .drop(let table): ("DROP TABLE \(try name(table))", [])
        case .dropIndex(let index): ("DROP INDEX \(try name(index))", [])
        case .data(let sql, let arguments): (sql, arguments)
        }
    }

    private static func create(_ table: Table) throws -> String {
        var parts = try table.columns.map(spell)
        if !table.primaryKey.isEmpty { parts.append("PRIMARY KEY (\(try names(table.primaryKey)))") }
        parts += try table.unique.map { "UNIQUE (\(try names($0)))" }
        return "CREATE TABLE \(try name(table.name)) (\(parts.joined(separator: ", "))) STRICT"
    }

    private static func spell(_ column: Column) throws -> String {
        let name = try name(column.name)
        var parts = [name, type(column.kind)]
        for rule in column.rules { parts.append(try spell(rule)) }
        if column.kind == .bool { parts.append("CHECK (\(name) IN (0, 1))") }
        return parts.joined(separator: " ")
    }

    private static func type(_ kind: Column.Kind) -> String {
        switch kind {
        case .integer, .bool, .time: "INTEGER"
        case .real: "REAL"
        case .text, .json: "TEXT"
        case .blob: "BLOB"
        case .sequence: "INTEGER PRIMARY KEY AUTOINCREMENT"
        }
    }

    private static func spell(_ rule: Column.Rule) throws -> String {
        switch rule {
        case .primaryKey: "PRIMARY KEY"
        case .notNull: "NOT NULL"
        case .unique: "UNIQUE"
        case .defaultValue(let value): "DEFAULT \(try literal(value))"
        case .references(let table, let column, let onDelete):
            "REFERENCES \(try name(table)) (\(try name(column))) ON DELETE \(onDelete.rawValue.uppercased())"
        }
    }

    private static func literal(_ value: Value) throws -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let number): return "\(number)"
        case .real(let number) where number.isFinite: return "\(number)"
        case .real: throw GatehouseError("store", .internal, "a column's default must be a finite number")
        case .text(let text):
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        case .blob(let bytes): return "x'\(Hex.encode(bytes))'"
        }
    }

    private static func names(_ all: [String]) throws -> String { try all.map(name).joined(separator: ", ") }

    /// Names are never quoted, so they must be plain and reserved nowhere.
    private static func name(_ name: String) throws -> String {
        let plain = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
        guard plain, let first = name.utf8.first, (0x61...0x7a).contains(first), name.utf8.count <= 60,
            !reserved.contains(name)
        else {
            throw GatehouseError(
                "store", .internal, "\"\(name)\" cannot name a table, column or index",
                hint: "use lower-case letters, digits and _, at most 60, and no reserved word of SQLite or PostgreSQL")
        }
        return name
    }

    private static let reserved: Set<String> = [
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "both", "case", "cast", "check", "collate",
        "column",
        "commit", "constraint", "create", "default", "deferrable", "delete", "desc", "distinct", "do", "else", "end",
        "except",
        "exists", "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "index", "initially",
        "insert",
        "intersect", "into", "is", "isnull", "join", "leading", "like", "limit", "not", "notnull", "null", "offset",
        "on", "only",
        "or", "order", "placing", "primary", "references", "returning", "select", "set", "some", "symmetric", "table",
        "then",
        "to", "trailing", "transaction", "true", "union", "unique", "update", "user", "using", "values", "when",
        "where",
        "window", "with",
    ]
}
