public import Core

/// Cuts a `text/event-stream` (WHATWG HTML, 9.2.5 and 9.2.6) into events, from pieces that are split anywhere.
///
/// No byte is lost: the ``StreamEvent/raw`` of all events, put together, is the stream as it came. Lines end in LF, CRLF
/// or CR; an event whose last byte so far is a CR waits for the next byte, so that how the stream was split shows nowhere.
public struct EventParser: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Bytes of one line and of one event.
        public var event: Int
        /// `data` lines and comments of one event.
        public var lines: Int

        public init(event: Int = 16 << 20, lines: Int = 16_384) {
            self.event = event
            self.lines = lines
        }
    }

    private let limits: Limits
    private var buffer: [UInt8] = []
    /// Where the line begins that is being read, and how far it was looked through for its end.
    private var lineStart = 0
    private var scanned = 0
    private var isFirstLine = true
    private var open = Fields()

    private struct Fields {
        var data: [Range<Int>] = []
        var asides: [Range<Int>] = []
        var name: Range<Int>?
    }

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The events that end in these bytes. Throws `too_large` when an event passes a limit; the parser is then of no
    /// further use.
    public mutating func push(_ bytes: some Collection<UInt8>) throws(GatehouseError) -> [StreamEvent] {
        buffer.append(contentsOf: bytes)
        return try events(atEnd: false)
    }

    /// What is left when the stream has ended: at most one event that was cut off.
    public mutating func finish() throws(GatehouseError) -> [StreamEvent] {
        var events = try events(atEnd: true)
        if !buffer.isEmpty {
            if lineStart < buffer.count { try readLine(lineStart..<buffer.count, eventStart: 0) }
            events.append(event(0..<buffer.count, isComplete: false))
            buffer = []
        }
        return events
    }

    private mutating func events(atEnd: Bool) throws(GatehouseError) -> [StreamEvent] {
        var events: [StreamEvent] = []
        var eventStart = 0
        while let line = nextLine(atEnd: atEnd) {
            let isBlank = line.text.isEmpty
            if !isBlank { try readLine(line.text, eventStart: eventStart) }
            lineStart = line.end
            scanned = line.end
            guard line.end - eventStart <= limits.event else { throw tooLarge("\(limits.event) bytes") }
            if isBlank {
                events.append(event(eventStart..<line.end, isComplete: true))
                eventStart = line.end
            }
        }
        guard buffer.count - eventStart <= limits.event else { throw tooLarge("\(limits.event) bytes") }
        buffer.removeFirst(eventStart)
        lineStart -= eventStart
        scanned -= eventStart
        return events
    }

    /// The next whole line without its end, and where the line after it begins.
    private mutating func nextLine(atEnd: Bool) -> (text: Range<Int>, end: Int)? {
        guard let found = LineEnd.first(in: buffer, from: scanned) else {
            scanned = buffer.count
            return nil
        }
        var end = found + 1
        if buffer[found] == LineEnd.carriageReturn {
            if end == buffer.count, !atEnd {
                scanned = found
                return nil
            }
            if end < buffer.count, buffer[end] == LineEnd.feed { end += 1 }
        }
        return (withoutMark(lineStart..<found), end)
    }

    /// The stream's first line may begin with a byte order mark, which is no part of it.
    private mutating func withoutMark(_ line: Range<Int>) -> Range<Int> {
        defer { isFirstLine = false }
        guard isFirstLine, buffer[line].starts(with: [0xEF, 0xBB, 0xBF]) else { return line }
        return line.lowerBound + 3..<line.upperBound
    }

    /// Places are kept from the event's start.
    private mutating func readLine(_ line: Range<Int>, eventStart: Int) throws(GatehouseError) {
        let colon = buffer[line].firstIndex(of: UInt8(ascii: ":")) ?? line.upperBound
        var start = min(colon + 1, line.upperBound)
        if start < line.upperBound, buffer[start] == UInt8(ascii: " ") { start += 1 }
        let value = start - eventStart..<line.upperBound - eventStart
        let field = buffer[line.lowerBound..<colon]
        if field.elementsEqual("data".utf8) {
            open.data.append(value)
        } else if field.elementsEqual("event".utf8) {
            open.name = value
        } else {
            open.asides.append(line.lowerBound - eventStart..<line.upperBound - eventStart)
        }
        guard open.data.count + open.asides.count <= limits.lines else { throw tooLarge("\(limits.lines) lines") }
    }

    private mutating func event(_ range: Range<Int>, isComplete: Bool) -> StreamEvent {
        defer { open = Fields() }
        return StreamEvent(
            raw: [UInt8](buffer[range]), isComplete: isComplete, dataLines: open.data, nameRange: open.name,
            asides: open.asides)
    }

    private func tooLarge(_ bound: String) -> GatehouseError {
        GatehouseError(
            "web", .tooLarge, "an event of the stream has more than \(bound)",
            hint: "the stream was ended; ask for a shorter answer")
    }
}
