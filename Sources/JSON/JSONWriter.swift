/// Appends JSON to bytes, value by value: for records and streams, where no ``JSON`` value need be built.
///
/// The writer sets commas and colons. That keys and values alternate and brackets match is the caller's part.
/// ```
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.key("id"); writer.int(7)
/// writer.endObject()
/// writer.newline()
/// ```
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    private var depth = 0
    /// Whether a comma goes before the next key or element.
    private var needsComma = false
    /// Whether the next value stands behind a key.
    private var isAfterKey = false

    /// `pretty` puts each member and element on a line of its own, two spaces deeper than its container.
    public init(reserving capacity: Int = 256, pretty: Bool = false) {
        isPretty = pretty
        bytes.reserveCapacity(capacity)
    }

    public mutating func beginObject() { begin(Ascii.openBrace) }
    public mutating func endObject() { end(Ascii.closeBrace) }
    public mutating func beginArray() { begin(Ascii.openBracket) }
    public mutating func endArray() { end(Ascii.closeBracket) }

    public mutating func key(_ key: String) {
        separate()
        EscapedText.append(key, to: &bytes)
        bytes.append(Ascii.colon)
        if isPretty { bytes.append(Ascii.space) }
        isAfterKey = true
    }

    public mutating func string(_ text: String) {
        separate()
        EscapedText.append(text, to: &bytes)
    }

    /// A text given as UTF-8 that is known to be well-formed.
    public mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        separate()
        EscapedText.append(text, to: &bytes)
    }

    public mutating func int(_ integer: Int) {
        separate()
        NumberText.append(integer, to: &bytes)
    }

    /// In ECMAScript's form; null for a double that is not finite.
    public mutating func double(_ double: Double) {
        guard double.isFinite else { return null() }
        separate()
        NumberText.append(double, to: &bytes)
    }

    public mutating func number(_ number: JSONNumber) {
        separate()
        bytes.append(contentsOf: number.spelling.utf8)
    }

    public mutating func bool(_ bool: Bool) {
        separate()
        append(bool ? "true" : "false")
    }

    public mutating func null() {
        separate()
        append("null")
    }

    public mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for (key, value) in object {
                self.key(key)
                self.value(value)
            }
            endObject()
        }
    }

    /// Splices in bytes that are one JSON value already, unchecked.
    public mutating func raw(_ value: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
    }

    /// Ends a record of JSON Lines.
    public mutating func newline() {
        bytes.append(Ascii.newline)
        needsComma = false
    }

    /// Hands over what is written and goes on with an empty buffer, within the same containers.
    public mutating func take() -> [UInt8] {
        let taken = bytes
        bytes = []
        return taken
    }
}

extension JSONWriter {
    @inline(__always)
    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
        } else {
            if needsComma { bytes.append(Ascii.comma) }
            if isPretty, depth > 0 { startLine() }
        }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if isPretty, needsComma { startLine() }
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func startLine() {
        bytes.append(Ascii.newline)
        bytes.append(contentsOf: repeatElement(Ascii.space, count: max(0, depth) * 2))
    }

    private mutating func append(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
