/// Errors name their place. All of this is off the path of valid text.
extension Scanner {
    @inline(never)
    func failure(_ code: JSONError.Code, _ message: String, at offset: Int) -> JSONError {
        var (line, column) = (1, 1)
        for place in 0..<min(offset, end) {
            if base[place] == Ascii.newline {
                line += 1
                column = 1
            } else if base[place] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return JSONError(code: code, offset: offset, line: line, column: column, message: message)
    }

    @inline(never)
    func unexpected(_ wanted: String) -> JSONError {
        if position >= end { return failure(.unexpectedEnd, "the text ends where \(wanted) should be", at: position) }
        return failure(.unexpectedCharacter, "expected \(wanted), found \(found)", at: position)
    }

    /// What stands at `position`.
    var found: String { position < end ? Self.name(base[position]) : "the end" }

    /// A printable character in quotes, any other byte by number.
    static func name(_ byte: UInt8) -> String {
        if byte > 0x20, byte < 0x7F { return "'\(Unicode.Scalar(byte))'" }
        return "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// A token as spelled, cut after 40 bytes.
    func shortened(_ range: Range<Int>) -> String {
        let text = UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        return String(decoding: text.prefix(40), as: UTF8.self) + (text.count > 40 ? "…" : "")
    }
}
