/// Reads a `text/event-stream` (WHATWG HTML, 9.2.6) from pieces as they arrive: event name and data only, which is what we send.
struct ServerSentEvents {
    struct Event: Equatable {
        var name = "message"
        var data = ""
    }

    /// Longest line taken; a server that sends more is not ours.
    static let lineLimit = 64 << 20

    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if let complete = endLine() { events.append(complete) }
            } else if byte != UInt8(ascii: "\r"), line.count < Self.lineLimit {
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty {
            defer {
                event = Event()
                hasData = false
            }
            return hasData ? event : nil
        }
        let text = String(decoding: line, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let field = text[..<colon]
        var value = text[text.index(after: colon)...]
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch field {
        case "event": event.name = String(value)
        case "data":
            event.data += hasData ? "\n\(value)" : String(value)
            hasData = true
        default: break
        }
        return nil
    }
}
