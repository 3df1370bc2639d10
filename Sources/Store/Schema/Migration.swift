/// One step in the life of the schema. Once released it is never edited: a later change is a later migration.
public struct Migration: Sendable, Hashable {
    /// The room, a point and a number that sorts: `gate.001`.
    public let id: String
    public let steps: [Step]

    public init(id: String, steps: [Step]) {
        self.id = id
        self.steps = steps
    }

    public enum Step: Sendable, Hashable {
        case table(Table)
        case index(Index)
        case column(Column, table: String)
        case drop(table: String)
        case dropIndex(String)
        case data(sql: String, arguments: [Value])
    }
}

extension Migration.Step {
    /// - Parameters:
    ///   - primaryKey: for a key of several columns; otherwise mark the column.
    ///   - unique: sets of columns whose values occur once together.
    public static func createTable(
        _ name: String, columns: [Column], primaryKey: [String] = [], unique: [[String]] = []
    ) -> Self {
        .table(Table(name: name, columns: columns, primaryKey: primaryKey, unique: unique))
    }

    /// - Parameter name: made from the table and the columns when it is not given.
    public static func createIndex(
        _ name: String? = nil, on table: String, columns: [String], unique: Bool = false
    ) -> Self {
        let name = name ?? ([table] + columns + ["idx"]).joined(separator: "_")
        return .index(Index(name: name, table: table, columns: columns, unique: unique))
    }

    /// A new column of an existing table: nullable or with a default, since rows exist already.
    public static func addColumn(_ column: Column, to table: String) -> Self { .column(column, table: table) }

    /// A change of data in portable SQL.
    public static func update(_ sql: String, _ arguments: [Value] = []) -> Self {
        .data(sql: sql, arguments: arguments)
    }
}

public struct Table: Sendable, Hashable {
    public let name: String
    public let columns: [Column]
    public let primaryKey: [String]
    public let unique: [[String]]
}

public struct Index: Sendable, Hashable {
    public let name: String
    public let table: String
    public let columns: [String]
    public let unique: Bool
}
