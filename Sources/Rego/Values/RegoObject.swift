/// An object of Rego: any values as keys, iterated in ascending order of keys, looked up by fingerprint.
public struct RegoObject: Sendable {
    public typealias Element = (key: RegoValue, value: RegoValue)

    var table: EntryTable

    public init() { table = .empty }

    public init(reserving capacity: Int) { table = EntryTable(capacity: capacity) }

    /// Of members with the same key the last wins.
    public init(_ members: some Sequence<(RegoValue, RegoValue)>) {
        self.init(reserving: members.underestimatedCount)
        for (key, value) in members { updateValue(value, forKey: key) }
    }

    public var depth: Int { table.depth }
    /// See ``RegoValue/size``.
    public var size: Int { table.size }
    var fingerprint: UInt64 { Fingerprint.of(table.sum, role: 5) }

    @inline(__always)
    private static func fingerprint(_ key: UInt64, _ value: RegoValue) -> UInt64 {
        Fingerprint.of(key ^ Fingerprint.of(value.fingerprint, role: 6), role: 5)
    }
}

extension RegoObject {
    public subscript(key: RegoValue) -> RegoValue? {
        @inline(__always) get { table.value(for: key) }
    }

    public subscript(key: String) -> RegoValue? { self[RegoValue(key)] }

    /// Returns the value that was replaced.
    @discardableResult
    public mutating func updateValue(_ value: RegoValue, forKey key: RegoValue) -> RegoValue? {
        let fingerprint = key.fingerprint
        guard let position = table.position(of: key, fingerprint) else {
            table.append(
                EntryTable.Entry(fingerprint: fingerprint, key: key, value: value),
                sum: Self.fingerprint(fingerprint, value))
            grow(by: value.size + 2)
            return nil
        }
        table.makeUnique()
        let old = table.entries[position].value
        table.entries[position].value = value
        let header = table.header
        header.pointee.sum &-= Self.fingerprint(fingerprint, old)
        header.pointee.sum &+= Self.fingerprint(fingerprint, value)
        header.pointee.depth = Swift.max(header.pointee.depth, value.depth + 1)
        grow(by: value.size)
        return old
    }

    private func grow(by size: Int) { table.header.pointee.size = Size.sum(table.header.pointee.size, size) }

    /// The same members without one; the same object when it has no such member.
    public func removing(_ key: RegoValue) -> RegoObject {
        guard self[key] != nil else { return self }
        return RegoObject(lazy.filter { $0.key != key }.map { ($0.key, $0.value) })
    }

    /// The members of both; where both have a key, `other` wins.
    public func merging(_ other: RegoObject) -> RegoObject {
        if isEmpty { return other }
        var merged = self
        for (key, value) in other { merged.updateValue(value, forKey: key) }
        return merged
    }
}

extension RegoObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { table.count }

    /// The members in ascending order of their keys.
    public subscript(position: Int) -> Element {
        table.withEntry(at: position) { ($0.key, $0.value) }
    }

    public var keys: some RandomAccessCollection<RegoValue> { lazy.map(\.key) }
    public var values: some RandomAccessCollection<RegoValue> { lazy.map(\.value) }
}

extension RegoObject: Hashable {
    public static func == (left: RegoObject, right: RegoObject) -> Bool {
        if left.table.storage === right.table.storage { return true }
        guard left.table.sum == right.table.sum, left.count == right.count else { return false }
        return left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Member by member, key before value, then by count.
    static func ordering(_ left: RegoObject, _ right: RegoObject) -> Int {
        if left.table.storage === right.table.storage { return 0 }
        for at in 0..<Swift.min(left.count, right.count) {
            let (left, right) = (left[at], right[at])
            let keys = RegoValue.ordering(left.key, right.key)
            if keys != 0 { return keys }
            let values = RegoValue.ordering(left.value, right.value)
            if values != 0 { return values }
        }
        return left.count - right.count
    }
}

extension RegoObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (RegoValue, RegoValue)...) { self.init(members) }
}
