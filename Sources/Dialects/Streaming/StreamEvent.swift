/// One event of a `text/event-stream`, with the bytes it came in.
public struct StreamEvent: Sendable {
    /// From the end of the event before to the end of the blank line: comments, fields and line ends as they came.
    public let raw: [UInt8]
    /// False for what stood at the stream's end without its blank line; a browser would drop it (WHATWG HTML, 9.2.6).
    public let isComplete: Bool
    /// Where the values of the `data` lines stand in ``raw``; none for an event that is only comments or blank lines.
    let dataLines: [Range<Int>]
    let nameRange: Range<Int>?
    /// Comments and fields other than `data` and `event`: text that no reader of a model's answer looks at.
    let asides: [Range<Int>]

    /// What the last `event` line says; nil without one.
    public var name: String? { nameRange.map { String(decoding: raw[$0], as: UTF8.self) } }
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
    func withoutAsides(data: [UInt8]?) -> [UInt8] {
        var out: [UInt8] = []
        if let nameRange { out += [UInt8]("event: ".utf8) + raw[nameRange] + [LineEnd.feed] }
        for line in data?.split(separator: LineEnd.feed, omittingEmptySubsequences: false) ?? [] {
            out += [UInt8]("data: ".utf8) + line + [LineEnd.feed]
        }
        return out.isEmpty ? [] : out + [LineEnd.feed]
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

enum LineEnd {
    static let feed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    @inline(__always)
    static func isOne(_ byte: UInt8) -> Bool { byte == feed || byte == carriageReturn }

    static func first(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var at = start
            while bytes.count - at >= 8 {
                let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if hasByte(feed, word) || hasByte(carriageReturn, word) { break }
                at += 8
            }
            while at < bytes.count {
                if isOne(bytes[at]) { return at }
                at += 1
            }
            return nil
        }
    }

    @inline(__always)
    private static func hasByte(_ byte: UInt8, _ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let zeros = word ^ ones &* UInt64(byte)
        return (zeros &- ones) & ~zeros & ones &* 0x80 != 0
    }
}
