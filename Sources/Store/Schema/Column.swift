/// A column of a table as a value; each driver spells it in its own words.
public struct Column: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case integer, real, text, blob
        /// 0 or 1.
        case bool
        /// Microseconds since 1970 in UTC.
        case time
        /// JSON as written, never parsed by the database.
        case json
        /// A 64-bit number that the database gives out, rising and never reused; the table's primary key.
        case sequence
    }

    public enum Rule: Sendable, Hashable {
        case primaryKey, notNull, unique
        case defaultValue(Value)
        case references(table: String, column: String, onDelete: DeleteRule)
    }

    /// What becomes of a row when the row it refers to is deleted.
    public enum DeleteRule: String, Sendable, Hashable {
        case restrict, cascade
        case setNull = "set null"
    }

    public let name: String
    public let kind: Kind
    public let rules: [Rule]

    public init(_ name: String, _ kind: Kind, _ rules: [Rule]) {
        self.name = name
        self.kind = kind
        self.rules = rules
    }

    public static func integer(_ name: String, _ rules: Rule...) -> Column { Column(name, .integer, rules) }
    public static func real(_ name: String, _ rules: Rule...) -> Column { Column(name, .real, rules) }
    public static func text(_ name: String, _ rules: Rule...) -> Column { Column(name, .text, rules) }
    public static func blob(_ name: String, _ rules: Rule...) -> Column { Column(name, .blob, rules) }
    public static func bool(_ name: String, _ rules: Rule...) -> Column { Column(name, .bool, rules) }
    public static func time(_ name: String, _ rules: Rule...) -> Column { Column(name, .time, rules) }
    public static func json(_ name: String, _ rules: Rule...) -> Column { Column(name, .json, rules) }
    public static func sequence(_ name: String) -> Column { Column(name, .sequence, []) }

    /// A text column that holds the id of a row in another table. Give it an index when rows are looked up by it.
    public static func reference(
        _ name: String, to table: String, column: String = "id", _ rules: Rule..., onDelete: DeleteRule = .restrict
    ) -> Column {
        Column(name, .text, rules + [.references(table: table, column: column, onDelete: onDelete)])
    }
}
