internal import Core
internal import Synchronization

/// A file that grows at its end, whose newest bytes are in memory first. Whoever reads through it sees them there;
/// another process sees them after the next ``flush()``.
final class BufferedFile: Sendable {
    private struct Tail {
        /// Where the bytes belong in the file.
        var start: UInt64 = 0
        var bytes: [UInt8] = []
    }

    let file: DiskFile
    private let tail = Mutex(Tail())

    /// Bytes in memory, beyond which ``makeRoom()`` writes them.
    private static let limit = 64 << 10

    init(_ file: DiskFile) { self.file = file }

    /// Takes bytes that follow what is there.
    func append(_ bytes: [UInt8], at offset: UInt64) {
        tail.withLock { tail in
            if tail.bytes.isEmpty { tail.start = offset }
            tail.bytes.append(contentsOf: bytes)
        }
    }

    /// Exactly `count` bytes.
    /// - Throws: `corrupt` when there are not so many.
    func read(at offset: UInt64, count: Int) throws(GatehouseError) -> [UInt8] {
        let end = offset + UInt64(count)
        let newest = tail.withLock { tail -> ArraySlice<UInt8> in
            guard !tail.bytes.isEmpty, end > tail.start, end - tail.start <= UInt64(tail.bytes.count) else { return [] }
            return tail.bytes[Int(max(offset, tail.start) - tail.start)..<Int(end - tail.start)]
        }
        if newest.count == count { return Array(newest) }
        return try file.read(at: offset, count: count - newest.count) + newest
    }

    func makeRoom() throws(GatehouseError) {
        if tail.withLock({ $0.bytes.count > Self.limit }) { try flush() }
    }

    /// Writes what is in memory. What could not be written stays there.
    func flush() throws(GatehouseError) {
        try tail.withLock { tail throws(GatehouseError) in
            guard !tail.bytes.isEmpty else { return }
            try file.write(tail.bytes, at: tail.start)
            tail.bytes.removeAll(keepingCapacity: true)
        }
    }
}
