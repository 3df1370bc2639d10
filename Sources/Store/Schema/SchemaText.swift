/// The canonical text of schema values. It is recorded with each applied migration, where it serves as a checksum that
/// can also tell what was changed. Never alter what it yields for existing values.
enum SchemaText {
    static func of(_ migration: Migration) -> String { migration.steps.map(of).joined(separator: "\n") }

    static func of(_ step: Migration.Step) -> String {
        switch step {
        case .table(let table):
            var parts = table.columns.map(of)
            if !table.primaryKey.isEmpty { parts.append("primary key \(table.primaryKey.joined(separator: "+"))") }
            parts += table.unique.map { "unique \($0.joined(separator: "+"))" }
            return "table \(table.name): " + parts.joined(separator: ", ")
        case .index(let index):
            let kind = index.unique ? "unique index" : "index"
            return "\(kind) \(index.name) on \(index.table): \(index.columns.joined(separator: ", "))"
        case .column(let column, let table): return "add to \(table): \(of(column))"
        case .drop(let table): return "drop table \(table)"
        case .dropIndex(let name): return "drop index \(name)"
        case .data(let sql, let arguments): return "data \(sql) \(arguments.map(of))"
        }
    }

    private static func of(_ column: Column) -> String {
        ([column.name, column.kind.rawValue] + column.rules.map(of)).joined(separator: " ")
    }

    private static func of(_ rule: Column.Rule) -> String {
        switch rule {
        case .primaryKey: "primary key"
        case .notNull: "not null"
        case .unique: "unique"
        case .defaultValue(let value): "default \(of(value))"
        case .references(let table, let column, let onDelete): "-> \(table).\(column) on delete \(onDelete.rawValue)"
        }
    }

    private static func of(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "'\(text)'"
        case .blob(let bytes): "\(bytes)"
        }
    }
}
