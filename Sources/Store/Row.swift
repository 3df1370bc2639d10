public import Core

/// One row of an answer. Accessors name the column and throw where the column is missing, NULL or of another kind,
/// so that a schema that drifted shows at the first read and not as a default value.
public struct Row: Sendable, Hashable {
    /// In the order of the statement; shared by all rows of one answer.
    public let columns: [String]
    public let values: [Value]

    public init(columns: [String], values: [Value]) {
        self.columns = columns
        self.values = values
    }

    /// The raw value of a column, NULL included.
    public func value(_ column: String) throws -> Value {
        guard let index = columns.firstIndex(of: column) else {
            throw GatehouseError(
                "store", .internal, "the answer has no column \"\(column)\"",
                hint: "it has: \(columns.joined(separator: ", "))")
        }
        return values[index]
    }

    public func isNull(_ column: String) throws -> Bool { try value(column) == .null }

    public func text(_ column: String) throws -> String { try required(column, optionalText(column)) }
    public func integer(_ column: String) throws -> Int64 { try required(column, optionalInteger(column)) }
    /// The integer as the platform's `Int`.
    public func int(_ column: String) throws -> Int { Int(try integer(column)) }
    public func real(_ column: String) throws -> Double { try required(column, optionalReal(column)) }
    public func blob(_ column: String) throws -> [UInt8] { try required(column, optionalBlob(column)) }
    public func bool(_ column: String) throws -> Bool { try required(column, optionalBool(column)) }
    public func time(_ column: String) throws -> Timestamp { try required(column, optionalTime(column)) }

    public func optionalText(_ column: String) throws -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        case let other: throw mismatch(column, other, "text")
        }
    }

    public func optionalInteger(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .null: nil
        case .integer(let number): number
        case let other: throw mismatch(column, other, "an integer")
        }
    }

    /// Takes integers as well: a sum of integers is one.
    public func optionalReal(_ column: String) throws -> Double? {
        switch try value(column) {
        case .null: nil
        case .real(let number): number
        case .integer(let number): Double(number)
        case let other: throw mismatch(column, other, "a real")
        }
    }

    public func optionalBlob(_ column: String) throws -> [UInt8]? {
        switch try value(column) {
        case .null: nil
        case .blob(let bytes): bytes
        case let other: throw mismatch(column, other, "a blob")
        }
    }

    public func optionalBool(_ column: String) throws -> Bool? {
        switch try optionalInteger(column) {
        case nil: nil
        case 0: false
        case 1: true
        case let other?: throw mismatch(column, .integer(other), "0 or 1")
        }
    }

    public func optionalTime(_ column: String) throws -> Timestamp? {
        try optionalInteger(column).map { Timestamp(microseconds: $0) }
    }

    private func required<T>(_ column: String, _ value: T?) throws -> T {
        guard let value else { throw mismatch(column, .null, "a value") }
        return value
    }

    private func mismatch(_ column: String, _ found: Value, _ wanted: String) -> GatehouseError {
        GatehouseError("store", .internal, "column \"\(column)\" holds \(found.kind) where \(wanted) is expected")
    }
}
