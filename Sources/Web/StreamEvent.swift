/// One event of a `text/event-stream`, with the bytes it came in.
public struct StreamEvent: Sendable {
    /// From the end of the event before to the end of the blank line: comments, fields and line ends as they came.
    public let raw: [UInt8]
    /// False for what stood at the stream's end without its blank line; a browser would drop it (WHATWG HTML, 9.2.6).
    public let isComplete: Bool
    /// Where the values of the `data` lines stand in ``raw``; none for an event that is only comments or blank lines.
    package let dataLines: [Range<Int>]
    package let nameRange: Range<Int>?
    /// Comments and fields other than `data` and `event`, whole lines without their ends.
    package let asides: [Range<Int>]

    /// What the last `event` line says; nil without one.
    public var name: String? { nameRange.map { String(decoding: raw[$0], as: UTF8.self) } }
    /// What the last `id` line says, empty where it takes the id back; nil without one. One with a NUL in it is none.
    public var id: String? { aside("id") { !$0.contains(0) } }
    /// Milliseconds to wait before the stream is asked for again, as the last `retry` line says; nil without one.
    public var retry: Int? { aside("retry") { $0.allSatisfy { $0 &- 0x30 < 10 } }.flatMap { Int($0) } }
    public var hasData: Bool { !dataLines.isEmpty }

    /// The `data` lines, joined by line feeds.
    public var data: [UInt8] {
        guard let first = dataLines.first else { return [] }
        var data = [UInt8](raw[first])
        for line in dataLines.dropFirst() {
            data.append(LineEnd.feed)
            data += raw[line]
        }
        return data
    }

    /// ``raw`` with other data in the place of the first `data` line and of all further ones; all else stays.
    public func replacing(data: [UInt8]) -> [UInt8] {
        guard let first = dataLines.first else { return raw }
        var out = [UInt8](raw[..<first.lowerBound])
        out.reserveCapacity(raw.count + data.count)
        for byte in data {
            out.append(byte)
            if byte == LineEnd.feed { out += "data: ".utf8 }
        }
        var copied = first.upperBound
        for line in dataLines.dropFirst() {
            out += raw[copied..<startOfLine(line)]
            copied = endOfLine(line)
        }
        out += raw[copied...]
        return out
    }

    /// The event's name and the data, and nothing else.
    package func withoutAsides(data: [UInt8]?) -> [UInt8] {
        var out: [UInt8] = []
        if let nameRange { out += [UInt8]("event: ".utf8) + raw[nameRange] + [LineEnd.feed] }
        for line in data?.split(separator: LineEnd.feed, omittingEmptySubsequences: false) ?? [] {
            out += [UInt8]("data: ".utf8) + line + [LineEnd.feed]
        }
        return out.isEmpty ? [] : out + [LineEnd.feed]
    }

    /// The last valid value of a field that is neither `data` nor `event`.
    private func aside(_ field: String, isValid: (ArraySlice<UInt8>) -> Bool) -> String? {
        for line in asides.reversed() where raw[line].starts(with: field.utf8) {
            var value = raw[line].dropFirst(field.utf8.count)
            guard value.isEmpty || value.first == UInt8(ascii: ":") else { continue }
            value = value.dropFirst()
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            if isValid(value) { return String(decoding: value, as: UTF8.self) }
        }
        return nil
    }

    private func startOfLine(_ value: Range<Int>) -> Int {
        raw[..<value.lowerBound].lastIndex { LineEnd.isOne($0) }.map { $0 + 1 } ?? 0
    }

    private func endOfLine(_ value: Range<Int>) -> Int {
        guard value.upperBound < raw.count else { return raw.count }
        let isPair =
            raw[value.upperBound] == LineEnd.carriageReturn && value.upperBound + 1 < raw.count
            && raw[value.upperBound + 1] == LineEnd.feed
        return value.upperBound + (isPair ? 2 : 1)
    }
}
