/// Messages on their way to one client, in order and numbered from 1, within bounds.
///
/// A log that keeps what was read serves clients that come back (`Last-Event-ID`); any other forgets it.
struct MessageLog: Sendable {
    struct Entry: Sendable {
        let number: Int
        /// JSON on one line.
        let bytes: [UInt8]
        /// Whether it may give way to newer ones: a notification.
        let isNotification: Bool
    }

    private let keepsRead: Bool
    private let greatestCount: Int
    private let greatestBytes: Int
    private(set) var entries: [Entry] = []
    private(set) var bytes = 0
    private(set) var nextNumber = 1
    /// The newest that has given way; after it, nothing is missing.
    private(set) var lostThrough = 0

    init(keepsRead: Bool, greatestCount: Int, greatestBytes: Int) {
        self.keepsRead = keepsRead
        self.greatestCount = greatestCount
        self.greatestBytes = greatestBytes
    }

    mutating func append(_ message: [UInt8], isNotification: Bool) {
        entries.append(Entry(number: nextNumber, bytes: message, isNotification: isNotification))
        nextNumber += 1
        bytes += message.count
        while entries.count > greatestCount || bytes > greatestBytes, giveWay() {}
    }

    /// The oldest notification goes, or where what was read is kept and there is none, the oldest message. The newest
    /// stays.
    private mutating func giveWay() -> Bool {
        let older = entries.dropLast()
        guard let place = older.firstIndex(where: \.isNotification) ?? (keepsRead ? older.indices.first : nil) else {
            return false
        }
        let gone = entries.remove(at: place)
        bytes -= gone.bytes.count
        lostThrough = max(lostThrough, gone.number)
        return true
    }

    func entries(after number: Int) -> ArraySlice<Entry> {
        guard let first = entries.firstIndex(where: { $0.number > number }) else { return [] }
        return entries[first...]
    }

    mutating func markRead(through number: Int) {
        guard !keepsRead else { return }
        let unread = entries.firstIndex { $0.number > number } ?? entries.endIndex
        bytes -= entries[..<unread].reduce(0) { $0 + $1.bytes.count }
        entries.removeSubrange(..<unread)
    }

    /// Whether a client that has read so far misses nothing.
    func canResume(after number: Int) -> Bool { number >= lostThrough && number < nextNumber }
}
