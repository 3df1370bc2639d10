/// What a read or a write works on: statements run one after another and all see the same state of the database.
///
/// Statements are a portable subset of SQL, checked before they run (see ``PortableSQL``): `?` placeholders with bound
/// arguments, `INSERT … ON CONFLICT … DO UPDATE`, `RETURNING`, common table expressions, joins, aggregates.
/// Valid only inside the closure it was given to.
public struct Transaction {
    private let statements: any StatementRunner

    init(_ statements: any StatementRunner) { self.statements = statements }

    /// Runs a statement that changes rows.
    /// - Returns: how many rows it inserted, updated or deleted.
    /// - Throws: `conflict` where a uniqueness or reference rule is broken, `invalid` where a NOT NULL or type rule is.
    @discardableResult
    public func execute(_ sql: String, _ arguments: [Value] = []) throws -> Int {
        try statements.execute(sql, arguments)
    }

    /// All rows of a query, or of a change with `RETURNING`. Give large queries a `LIMIT`, or use ``forEach(_:_:_:)``.
    public func query(_ sql: String, _ arguments: [Value] = []) throws -> [Row] {
        var rows: [Row] = []
        try statements.query(sql, arguments) { row in
            rows.append(row)
            return true
        }
        return rows
    }

    /// The first row, if there is one.
    public func first(_ sql: String, _ arguments: [Value] = []) throws -> Row? {
        var found: Row?
        try statements.query(sql, arguments) { row in
            found = row
            return false
        }
        return found
    }

    /// Row by row in constant memory, until `body` returns false.
    public func forEach(_ sql: String, _ arguments: [Value] = [], _ body: (Row) throws -> Bool) throws {
        try statements.query(sql, arguments, body)
    }
}
