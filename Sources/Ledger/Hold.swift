public import Core
internal import JSON

/// A legal hold: what it covers cannot be erased until it is released.
public struct Hold: Sendable, Hashable {
    /// What a hold covers, now and in future.
    public enum Scope: Sendable, Hashable {
        /// The entries from the first index to the last, both included. `UInt64.max` as the last covers all that come.
        case entries(ClosedRange<UInt64>)
        /// The entries recorded between two times, both included.
        case times(ClosedRange<Timestamp>)
        /// The entries whose payload has this text in it, byte for byte: `"session":"ses_01…"`.
        case containing(String)
    }

    /// The index of the entry that placed it.
    public let id: UInt64
    public let scope: Scope
    public let by: String
    public let reason: String
    public let time: Timestamp

    /// Whether the entry cannot be erased because of this hold.
    public func covers(_ entry: Ledger.Entry) -> Bool {
        switch scope {
        case .entries(let range): range.contains(entry.index)
        case .times(let range): range.contains(entry.time)
        case .containing(let text):
            entry.payload?.withUnsafeBytes { Needle(Array(text.utf8)).isIn($0) } ?? false
        }
    }

    func covers(_ record: LogReader.Record) -> Bool {
        switch scope {
        case .entries(let range): range.contains(record.header.leaf.index)
        case .times(let range): range.contains(record.header.leaf.time)
        case .containing(let text): record.payloadContains(Needle(Array(text.utf8)))
        }
    }
}

/// The payloads of the ledger's own entries.
enum ControlPayload {
    case hold(Hold.Scope, by: String, reason: String)
    case release(UInt64, by: String, reason: String)
    case erasure([Range<UInt64>], by: String, reason: String)

    var kind: EntryKind {
        switch self {
        case .hold: .hold
        case .release: .release
        case .erasure: .erasure
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .hold(let scope, let by, let reason):
            JSON.object(["hold": scope.json, "by": .string(by), "reason": .string(reason)]).bytes()
        case .release(let hold, let by, let reason):
            JSON.object(["release": JSON(Int(clamping: hold)), "by": .string(by), "reason": .string(reason)]).bytes()
        case .erasure(let ranges, let by, let reason):
            JSON.object([
                "erased": .array(ranges.map { pair($0.lowerBound, $0.upperBound - 1) }), "by": .string(by),
                "reason": .string(reason),
            ]).bytes()
        }
    }

    /// Nil when the payload is not what the ledger itself writes for this kind.
    init?(kind: EntryKind, payload: [UInt8]) {
        guard let json = try? JSON.parse(payload), let by = json["by"]?.string, let reason = json["reason"]?.string
        else {
            return nil
        }
        switch kind {
        case .record: return nil
        case .hold:
            guard let scope = json["hold"].flatMap(Hold.Scope.init(json:)) else { return nil }
            self = .hold(scope, by: by, reason: reason)
        case .release:
            guard let hold = json["release"]?.int, hold >= 0 else { return nil }
            self = .release(UInt64(hold), by: by, reason: reason)
        case .erasure:
            let ranges = json["erased"]?.array?.map(range)
            guard let ranges, !ranges.contains(nil) else { return nil }
            self = .erasure(ranges.compactMap { $0.map { $0.lowerBound..<$0.upperBound + 1 } }, by: by, reason: reason)
        }
    }
}

extension Hold.Scope {
    fileprivate var json: JSON {
        switch self {
        case .entries(let range): ["entries": pair(range.lowerBound, range.upperBound)]
        case .times(let range):
            ["times": [.string(range.lowerBound.description), .string(range.upperBound.description)]]
        case .containing(let text): ["containing": .string(text)]
        }
    }

    fileprivate init?(json: JSON) {
        if let range = json["entries"].flatMap(range) {
            self = .entries(range.upperBound == UInt64(Int.max) ? range.lowerBound...UInt64.max : range)
        } else if let times = json["times"]?.array, times.count == 2,
            let from = times[0].string.flatMap({ Timestamp($0) }),
            let to = times[1].string.flatMap({ Timestamp($0) }), from <= to
        {
            self = .times(from...to)
        } else if let text = json["containing"]?.string, !text.isEmpty {
            self = .containing(text)
        } else {
            return nil
        }
    }
}

private func pair(_ first: UInt64, _ last: UInt64) -> JSON { [JSON(Int(clamping: first)), JSON(Int(clamping: last))] }

private func range(_ json: JSON) -> ClosedRange<UInt64>? {
    guard let pair = json.array, pair.count == 2, let first = pair[0].int, let last = pair[1].int, 0 <= first,
        first <= last
    else { return nil }
    return UInt64(first)...UInt64(last)
}

/// The holds in force.
struct HoldTable: Sendable {
    private(set) var holds: [UInt64: Hold] = [:]

    /// Takes a control entry into account, in the order of the log.
    mutating func apply(at index: UInt64, time: Timestamp, _ payload: ControlPayload) {
        switch payload {
        case .hold(let scope, let by, let reason):
            holds[index] = Hold(id: index, scope: scope, by: by, reason: reason, time: time)
        case .release(let hold, _, _): holds[hold] = nil
        case .erasure: break
        }
    }

    func hold(on record: LogReader.Record) -> Hold? {
        holds.values.filter { $0.covers(record) }.min { $0.id < $1.id }
    }

    /// Reads all control entries of a ledger, newest to oldest by their chain.
    init(latestControl: UInt64, access: LogAccess) throws(GatehouseError) {
        var chain: [Ledger.Entry] = []
        var next = latestControl
        while next > 0 {
            let entry = try access.entry(next - 1)
            guard entry.leaf.control < next else {
                throw GatehouseError(
                    "ledger", .corrupt, "the chain of control entries does not lead back at entry \(next - 1)")
            }
            chain.append(entry)
            next = entry.leaf.control
        }
        for entry in chain.reversed() {
            guard let payload = entry.payload.flatMap({ ControlPayload(kind: entry.kind, payload: $0) }) else {
                throw GatehouseError("ledger", .corrupt, "control entry \(entry.index) cannot be read")
            }
            apply(at: entry.index, time: entry.time, payload)
        }
    }
}
