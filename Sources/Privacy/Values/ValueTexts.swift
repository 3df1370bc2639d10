public import JSON

/// All texts of a JSON value, decoded, one after another as a detector reads them: `key = "text"` where a text has a key,
/// since what a thing is called says much about what it is. Long numbers are texts too.
public struct ValueTexts: Sendable {
    /// What comes in place of a range of ``bytes``; it lies within one text.
    struct Edit {
        var range: Range<Int>
        var bytes: [UInt8]
    }

    public private(set) var bytes: [UInt8] = []
    /// Where each text lies in ``bytes``, keys included, in the value's own order.
    private(set) var places: [Range<Int>] = []
    /// Digits of a number from which on it may be somebody's.
    private static let longNumber = 7

    public init(of value: JSON) { add(value) }

    /// Each for itself, keys included.
    public var all: [[UInt8]] { places.map { Array(bytes[$0]) } }

    private mutating func add(_ value: JSON) {
        switch value {
        case .string(let text):
            add(text)
            bytes.append(UInt8(ascii: "\n"))
        case .number(let number) where Self.isText(number):
            add(number.spelling)
            bytes.append(UInt8(ascii: "\n"))
        case .array(let elements):
            for element in elements { add(element) }
        case .object(let members):
            for (key, member) in members { add(key, member) }
        case .null, .bool, .number: break
        }
    }

    private mutating func add(_ key: String, _ member: JSON) {
        add(key)
        switch member {
        case .string(let text):
            bytes += " = \"".utf8
            add(text)
            bytes += "\"\n".utf8
        case .number(let number) where Self.isText(number):
            bytes += " = ".utf8
            add(member)
        default:
            bytes.append(UInt8(ascii: "\n"))
            add(member)
        }
    }

    private mutating func add(_ text: String) {
        let start = bytes.count
        bytes += text.utf8
        places.append(start..<bytes.count)
    }

    private static func isText(_ number: JSONNumber) -> Bool { number.spelling.utf8.count >= longNumber }

    /// The value with its texts edited. A number that is edited becomes a string.
    /// - Parameter edits: in ascending order, without overlaps.
    func rewriting(_ value: JSON, _ edits: [Edit]) -> JSON {
        var cursor = Cursor(edits: edits[...])
        return rewriting(value, &cursor)
    }

    private struct Cursor {
        var place = 0
        var edits: ArraySlice<Edit>
    }

    private func rewriting(_ value: JSON, _ cursor: inout Cursor) -> JSON {
        switch value {
        case .string(let text): return .string(rewriting(text, &cursor) ?? text)
        case .number(let number) where Self.isText(number):
            return rewriting(number.spelling, &cursor).map { .string($0) } ?? value
        case .array(let elements): return .array(elements.map { rewriting($0, &cursor) })
        case .object(let members):
            var out = JSONObject()
            for (key, member) in members {
                let key = rewriting(key, &cursor) ?? key
                out[key] = rewriting(member, &cursor)
            }
            return .object(out)
        case .null, .bool, .number: return value
        }
    }

    /// Nil where nothing in it is edited.
    private func rewriting(_ text: String, _ cursor: inout Cursor) -> String? {
        let place = places[cursor.place]
        cursor.place += 1
        guard let first = cursor.edits.first, first.range.lowerBound < place.upperBound else { return nil }
        var out: [UInt8] = []
        var position = place.lowerBound
        while let edit = cursor.edits.first, edit.range.lowerBound < place.upperBound {
            out += bytes[position..<edit.range.lowerBound]
            out += edit.bytes
            position = edit.range.upperBound
            cursor.edits.removeFirst()
        }
        out += bytes[position..<place.upperBound]
        return String(decoding: out, as: UTF8.self)
    }
}
