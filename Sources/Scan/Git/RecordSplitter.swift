/// Cuts a stream of bytes into records that end with one byte (NUL or line feed).
struct RecordSplitter {
    /// Longer than any path; a longer record is dropped and counted.
    static let maximumRecord = 64 << 10

    let end: UInt8
    private var partial: [UInt8] = []
    private(set) var dropped = 0

    init(end: UInt8) { self.end = end }

    mutating func take(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
        var records: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let stop = bytes[start...].firstIndex(of: end)
            partial += bytes[start..<(stop ?? bytes.count)]
            guard let stop else { break }
            if partial.count <= Self.maximumRecord { records.append(partial) } else { dropped += 1 }
            partial.removeAll(keepingCapacity: partial.count <= Self.maximumRecord)
            start = stop + 1
        }
        if partial.count > Self.maximumRecord { partial.removeSubrange(Self.maximumRecord + 1..<partial.count) }
        return records
    }
}
