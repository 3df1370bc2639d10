/// Why bytes are not the JSON that was asked for, and where.
public struct JSONError: Error, Sendable, Hashable {
    /// Closed: a caller may switch over it.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case unexpectedEnd = "unexpected_end"
        case unexpectedCharacter = "unexpected_character"
        /// Something other than white space after the value.
        case trailingContent = "trailing_content"
        case invalidNumber = "invalid_number"
        /// A control character that must be escaped within a text.
        case controlCharacter = "control_character"
        case invalidEscape = "invalid_escape"
        /// Half of a surrogate pair: no Unicode text.
        case loneSurrogate = "lone_surrogate"
        case invalidUTF8 = "invalid_utf8"
        case byteOrderMark = "byte_order_mark"
        case duplicateKey = "duplicate_key"
        /// One of the ``JSON/Limits`` was passed.
        case tooLarge = "too_large"
        /// A number that the canonical form cannot say.
        case unrepresentableNumber = "unrepresentable_number"
    }

    public var code: Code
    /// Bytes before the place, from 0.
    public var offset: Int
    /// From 1; 0 where there is no text to point into.
    public var line: Int
    /// Characters (code points) from the start of the line, from 1; 0 where there is no text.
    public var column: Int
    /// One sentence, without the place.
    public var message: String

    public init(code: Code, offset: Int, line: Int, column: Int, message: String) {
        self.code = code
        self.offset = offset
        self.line = line
        self.column = column
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { line > 0 ? "line \(line), column \(column): \(message)" : message }
}
