import Core

/// The subset of SQL that rooms may write, so that a statement means the same to every driver.
///
/// Allowed: one SELECT, INSERT, UPDATE, DELETE or WITH statement; `?` placeholders; `ON CONFLICT … DO UPDATE` and
/// `DO NOTHING`; `RETURNING`; joins, grouping, window functions; COUNT, SUM, MIN, MAX, AVG, COALESCE, NULLIF, LOWER,
/// UPPER, LENGTH, ABS, ROUND, CAST, CASE. `LIKE` is case-sensitive.
///
/// Refused: several statements, schema and transaction statements, numbered or named placeholders, double-quoted names,
/// comments, `INSERT OR …`, `GLOB`, `ROWID`, and the functions that only SQLite has.
enum PortableSQL {
    static func check(_ sql: String) throws {
        var words = Words(sql)
        var count = 0
        while let word = try words.next() {
            count += 1
            if count == 1, !starts.contains(word) { throw refusal("a statement cannot start with \(word)", sql) }
            if refused.contains(word) { throw refusal("\(word) is not portable", sql) }
            if word == "OR", words.previous == "INSERT" || words.previous == "UPDATE" {
                throw refusal("\(words.previous) OR is not portable, use ON CONFLICT", sql)
            }
            if words.opensParenthesis, functions.contains(word), words.previous != "INTO" {
                throw refusal("the function \(word) is not portable", sql)
            }
            words.previous = word
        }
        if count == 0 { throw refusal("the statement is empty", sql) }
    }

    static func refusal(_ reason: String, _ sql: String) -> GatehouseError {
        GatehouseError(
            "store", .internal, "the statement is outside the portable subset: \(reason)",
            cause: String(sql.prefix(200)),
            hint: "see the documentation of PortableSQL for what is allowed")
    }

    private static let starts: Set<String> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
    private static let refused: Set<String> = [
        "GLOB", "REGEXP", "ROWID", "_ROWID_", "OID", "INDEXED", "SQLITE_MASTER", "SQLITE_SCHEMA", "SQLITE_SEQUENCE",
    ]
    private static let functions: Set<String> = [
        "DATE", "TIME", "DATETIME", "JULIANDAY", "STRFTIME", "UNIXEPOCH", "IFNULL", "IIF", "PRINTF", "FORMAT",
        "GROUP_CONCAT",
        "INSTR", "HEX", "UNHEX", "QUOTE", "RANDOM", "RANDOMBLOB", "ZEROBLOB", "TYPEOF", "CHANGES", "TOTAL",
        "TOTAL_CHANGES",
        "LAST_INSERT_ROWID", "UNICODE", "CHAR", "LIKELY", "UNLIKELY", "LIKELIHOOD", "LOAD_EXTENSION", "READFILE",
        "WRITEFILE",
        "JSON", "JSON_EXTRACT", "JSON_ARRAY", "JSON_OBJECT", "JSON_EACH", "JSON_TREE", "JSON_SET", "JSON_TYPE",
        "JSON_VALID",
        "JSON_PATCH", "JSON_REMOVE", "JSON_INSERT", "JSON_REPLACE", "JSON_QUOTE", "JSON_GROUP_ARRAY",
        "JSON_GROUP_OBJECT",
        "JSON_ARRAY_LENGTH",
    ]

    /// The words of a statement in upper case; literals, numbers and punctuation are passed over.
    private struct Words {
        private let sql: String
        private let bytes: [UInt8]
        private var position = 0
        var previous = ""

        init(_ sql: String) {
            self.sql = sql
            bytes = Array(sql.utf8)
        }

        var opensParenthesis: Bool {
            var index = position
            while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0a { index += 1 }
            return index < bytes.count && bytes[index] == UInt8(ascii: "(")
        }

        mutating func next() throws -> String? {
            while position < bytes.count {
                let byte = bytes[position]
                if isWord(byte) {
                    let start = position
                    while position < bytes.count, isWord(bytes[position]) { position += 1 }
                    guard !(0x30...0x39).contains(byte) else { continue }
                    return String(decoding: bytes[start..<position], as: UTF8.self).uppercased()
                }
                try pass(byte)
            }
            return nil
        }

        private mutating func pass(_ byte: UInt8) throws {
            let following = position + 1 < bytes.count ? bytes[position + 1] : 0
            switch byte {
            case UInt8(ascii: "'"):
                guard let end = bytes[(position + 1)...].firstIndex(of: byte) else {
                    throw refusal("a string does not end", sql)
                }
                position = end
            case UInt8(ascii: "?") where (0x30...0x39).contains(following):
                throw refusal("?\(following - 0x30) is numbered", sql)
            case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"): throw refusal("named placeholders", sql)
            case UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["): throw refusal("quoted names", sql)
            case UInt8(ascii: ";"): throw refusal("a semicolon", sql)
            case UInt8(ascii: "-") where following == byte, UInt8(ascii: "/") where following == UInt8(ascii: "*"):
                throw refusal("a comment", sql)
            case 0: throw refusal("a NUL character", sql)
            default: break
            }
            position += 1
        }

        private func isWord(_ byte: UInt8) -> Bool {
            (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
                || byte >= 0x80
        }
    }
}
