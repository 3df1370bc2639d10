internal import Core

/// Reads entries by their index. Callers see to it that the index is below the ledger's size.
struct LogAccess: Sendable {
    let log: DiskFile
    let derived: DerivedFiles

    func header(_ index: UInt64) throws(GatehouseError) -> Frame.Header {
        let place = try derived.place(of: index)
        let bytes = try log.read(at: place.lowerBound, count: Frame.headerBytes)
        switch bytes.withUnsafeBytes(Frame.header) {
        case .success(let header) where header.leaf.index == index: return header
        case .success: throw corrupt(index, place.lowerBound, "carries the index of another")
        case .failure(let fault): throw corrupt(index, place.lowerBound, fault.rawValue)
        }
    }

    func entry(_ index: UInt64) throws(GatehouseError) -> Ledger.Entry {
        guard let entry = try entries(index..<index + 1).first else {
            throw GatehouseError("ledger", .notFound, "there is no entry \(index)")
        }
        return entry
    }

    func entries(_ range: Range<UInt64>) throws(GatehouseError) -> [Ledger.Entry] {
        var entries: [Ledger.Entry] = []
        try visit(range) { record in
            entries.append(Ledger.Entry(record))
            return true
        }
        return entries
    }

    /// Calls `body` with each entry of the range in order, until it returns false.
    func visit(
        _ range: Range<UInt64>, _ body: (LogReader.Record) throws(GatehouseError) -> Bool
    ) throws(GatehouseError) {
        guard !range.isEmpty else { return }
        let start = try derived.place(of: range.lowerBound).lowerBound
        let end = try derived.place(of: range.upperBound - 1).upperBound
        let reader = LogReader(log, from: start, to: end, bufferBytes: Int(min(1 << 20, max(start, end) - start)))
        for index in range {
            switch try reader.next() {
            case .record(let record):
                guard record.header.leaf.index == index else {
                    throw corrupt(index, record.offset, "carries the index of another")
                }
                guard try body(settled(record)) else { return }
            case .end: throw corrupt(index, reader.offset, "is missing")
            case .damage(let damage): throw corrupt(index, damage.offset, damage.what)
            }
        }
    }

    /// The record as it stands now: an erasure may have been under way while it was read.
    private func settled(_ record: LogReader.Record) throws(GatehouseError) -> LogReader.Record {
        guard Frame.bodyFault(record.header, record.body) != nil else { return record }
        var record = record
        record.header.state = try header(record.header.leaf.index).state
        guard record.header.state == .erased else {
            throw corrupt(record.header.leaf.index, record.offset, "has a payload that is not the one recorded")
        }
        return record
    }

    private func corrupt(_ index: UInt64, _ offset: UInt64, _ what: String) -> GatehouseError {
        GatehouseError(
            "ledger", .corrupt, "entry \(index), at byte \(offset) of \(log.path), \(what)",
            hint: "run the verification of the whole ledger")
    }
}

extension Ledger.Entry {
    init(_ record: LogReader.Record) {
        leaf = record.header.leaf
        guard record.header.state == .present else {
            (salt, payload) = (nil, nil)
            return
        }
        salt = Array(record.body[..<Frame.saltBytes])
        payload = Array(record.body[Frame.saltBytes...])
    }
}

extension LogReader.Record {
    /// Whether the payload is there and has the needle in it.
    func payloadContains(_ needle: Needle) -> Bool {
        header.state == .present && needle.isIn(UnsafeRawBufferPointer(rebasing: body[Frame.saltBytes...]))
    }
}
