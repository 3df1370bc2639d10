import Core

/// Reads comma-separated values (RFC 4180) record by record: quoted fields with commas, doubled quotes and line ends in
/// them; lines that end in LF, CRLF or CR; a byte order mark. Blank lines are no records.
struct CSVReader {
    struct Limits: Sendable, Hashable {
        /// Bytes of a field.
        var field = 1 << 16
        /// Fields of a record.
        var fields = 256
    }

    struct Record: Sendable, Hashable {
        var fields: [String]
        /// The line that it begins on, from 1.
        var line: Int
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var position: Int
    private var line = 1

    init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.bytes = bytes
        self.limits = limits
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Nil at the end.
    mutating func next() throws -> Record? {
        while position < bytes.count, skipLineEnd() {}
        guard position < bytes.count else { return nil }
        var record = Record(fields: [], line: line)
        while true {
            guard record.fields.count < limits.fields else {
                throw tooLarge("the record has more than \(limits.fields) fields", line: record.line)
            }
            record.fields.append(try field())
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        _ = skipLineEnd()
        return record
    }

    private mutating func field() throws -> String {
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quotedField() }
        let start = position
        while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
        return try text(Array(bytes[start..<position]), line: line)
    }

    private mutating func quotedField() throws -> String {
        let opening = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\"") else {
                countLine(byte)
                content.append(byte)
                position += 1
                continue
            }
            position += 1
            guard position < bytes.count, bytes[position] == byte else { return try closed(content, line: opening) }
            content.append(byte)
            position += 1
        }
        throw GatehouseError(
            "intent", .invalid, "line \(opening): a quoted field begins here and never ends",
            hint: "end it with a quotation mark; one inside a quoted field is doubled: \"\"")
    }

    private func closed(_ content: [UInt8], line opening: Int) throws -> String {
        guard position == bytes.count || isEnd(bytes[position]) else {
            throw GatehouseError(
                "intent", .invalid, "line \(line): text follows the quotation mark that ends a field",
                hint: "double a quotation mark that belongs to the field (\"\"), or put a comma behind the field")
        }
        return try text(content, line: opening)
    }

    private func text(_ content: [UInt8], line: Int) throws -> String {
        guard content.count <= limits.field else {
            throw tooLarge("a field is larger than \(limits.field) bytes", line: line)
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw GatehouseError(
                "intent", .invalid, "line \(line): not UTF-8", hint: "save the file in UTF-8: iconv -t utf-8")
        }
        return text
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }

    private mutating func skipLineEnd() -> Bool {
        guard position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D else { return false }
        countLine(bytes[position])
        position += 1
        return true
    }

    /// A CRLF is one line end, counted at its LF.
    private mutating func countLine(_ byte: UInt8) {
        let isReturnAlone = byte == 0x0D && (position + 1 == bytes.count || bytes[position + 1] != 0x0A)
        if byte == 0x0A || isReturnAlone { line += 1 }
    }

    private func tooLarge(_ what: String, line: Int) -> GatehouseError {
        GatehouseError(
            "intent", .tooLarge, "line \(line): \(what)", hint: "is a quotation mark missing before this line?")
    }
}
