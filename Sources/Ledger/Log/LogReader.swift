internal import Core

/// Reads the records of a log file one after the other, through a buffer that is reused.
final class LogReader {
    struct Record {
        var offset: UInt64
        var header: Frame.Header
        /// These point into the buffer and are good until the next call of ``LogReader/next()``.
        var leaf: UnsafeRawBufferPointer
        /// Salt and payload.
        var body: UnsafeRawBufferPointer

        var end: UInt64 { offset + header.frameBytes }
        var place: Range<UInt64> { offset..<end }
    }

    enum Step {
        case record(Record)
        case end
        /// What follows `offset` is no whole record.
        case damage(Damage)
    }

    struct Damage {
        var offset: UInt64
        /// In words: it completes "the record …".
        var what: String
        /// Whether it looks like an append that was cut short, rather than like a change.
        var isTorn: Bool
    }

    private let file: DiskFile
    private let limit: UInt64
    private var buffer: UnsafeMutableRawBufferPointer
    /// The part of the file that `buffer` holds.
    private var window: Range<UInt64>
    private(set) var offset: UInt64

    /// Reads the records from `offset` to `limit`, the end of the file.
    init(_ file: DiskFile, from offset: UInt64, to limit: UInt64, bufferBytes: Int = 1 << 20) {
        self.file = file
        self.limit = limit
        self.offset = offset
        buffer = .allocate(byteCount: max(bufferBytes, Frame.overhead), alignment: 16)
        window = offset..<offset
    }

    deinit { buffer.deallocate() }

    func next() throws(GatehouseError) -> Step {
        guard offset < limit else { return .end }
        guard limit - offset >= Frame.headerBytes else { return try damage("is cut short in its header", .short) }
        let header: Frame.Header
        switch Frame.header(try bytes(Frame.headerBytes)) {
        case .success(let read): header = read
        case .failure(let fault): return try damage(fault.rawValue, .header)
        }
        guard limit - offset >= header.frameBytes else { return try damage("is cut short in its payload", .short) }
        let frame = try bytes(Int(header.frameBytes))
        let record = Record(
            offset: offset, header: header, leaf: Frame.leafBytes(frame),
            body: UnsafeRawBufferPointer(rebasing: frame[Frame.headerBytes...]))
        offset = record.end
        return .record(record)
    }

    /// What to make of a whole record whose salt and payload are not what its leaf commits to.
    func alteredBody(_ record: Record) throws(GatehouseError) -> Damage {
        let torn = try zerosBegin(after: record.offset) != nil
        return Damage(offset: record.offset, what: "has a payload that is not the one recorded", isTorn: torn)
    }

    // MARK: - Damage

    private enum Sort { case short, header }

    /// An append that was cut short leaves the beginning of a record, or that and zeros from the boundary of a disk
    /// sector to the end of the file (blocks that were allotted but never written). Everything else is a change.
    private func damage(_ what: String, _ sort: Sort) throws(GatehouseError) -> Step {
        let present = try bytes(Int(min(UInt64(Frame.magic.count), limit - offset)))
        let beginsWell = Frame.magic.starts(with: present)
        let zeros = try zerosBegin(after: offset)
        let torn =
            switch sort {
            case .short: beginsWell || zeros == offset
            case .header: zeros.map { $0 - offset < Frame.headerBytes } ?? false
            }
        return .damage(Damage(offset: offset, what: what, isTorn: torn))
    }

    private static let sector: UInt64 = 512

    /// Where, at or after `start`, zeros begin that reach to the end of the file, when they fill a sector's end.
    private func zerosBegin(after start: UInt64) throws(GatehouseError) -> UInt64? {
        var begin = limit
        while begin > start {
            let from = max(start, begin - min(begin, 65_536))
            let chunk = try file.read(at: from, count: Int(begin - from))
            guard let last = chunk.lastIndex(where: { $0 != 0 }) else {
                begin = from
                continue
            }
            begin = from + UInt64(last) + 1
            break
        }
        let boundary = (begin + LogReader.sector - 1) / LogReader.sector * LogReader.sector
        return boundary < limit || (begin == start && begin < limit) ? begin : nil
    }

    // MARK: - Buffer

    /// The next `count` bytes, which the caller knows to be in the file.
    private func bytes(_ count: Int) throws(GatehouseError) -> UnsafeRawBufferPointer {
        if offset < window.lowerBound || offset + UInt64(count) > window.upperBound { try fill(count) }
        let start = Int(offset - window.lowerBound)
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
    }

    private func fill(_ count: Int) throws(GatehouseError) {
        if count > buffer.count {
            buffer.deallocate()
            buffer = .allocate(byteCount: count, alignment: 16)
        }
        let wanted = Int(min(UInt64(buffer.count), limit - offset))
        let got = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
        guard got >= count else {
            throw GatehouseError("ledger", .corrupt, "\(file.path) became shorter while it was read")
        }
        window = offset..<offset + UInt64(got)
    }
}
