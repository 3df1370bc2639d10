import Synchronization

/// An object of Rego: any values as keys, iterated in ascending order of keys, looked up by fingerprint.
public struct RegoObject: Sendable {
    public typealias Element = (key: RegoValue, value: RegoValue)

    var storage: Storage

    /// Changed only while one reference to it exists, hence safe to share.
    final class Storage: @unchecked Sendable {
        /// In order of insertion.
        var entries: [Element]
        var index: HashIndex
        /// Whether the order of insertion is ascending.
        var isAscending: Bool
        var sum: UInt64
        var depth: Int
        var size: Int
        let order = AtomicLazyReference<EntryOrder>()

        init() {
            entries = []
            index = HashIndex()
            isAscending = true
            sum = 0
            depth = 1
            size = 2
        }

        init(copying other: Storage) {
            entries = other.entries
            index = other.index
            isAscending = other.isAscending
            sum = other.sum
            depth = other.depth
            size = other.size
        }
    }

    private static let empty = Storage()

    public init() { storage = Self.empty }

    public init(reserving capacity: Int) {
        storage = Storage()
        storage.entries.reserveCapacity(capacity)
        if capacity > HashIndex.linearLimit { storage.index = HashIndex(capacity: capacity) }
    }

    /// Of members with the same key the last wins.
    public init(_ members: some Sequence<(RegoValue, RegoValue)>) {
        self.init()
        for (key, value) in members { updateValue(value, forKey: key) }
    }

    public var depth: Int { storage.depth }
    /// See ``RegoValue/size``.
    public var size: Int { storage.size }
    var fingerprint: UInt64 { Fingerprint.of(storage.sum, role: 5) }

    @inline(__always)
    private static func fingerprint(_ key: UInt64, _ value: RegoValue) -> UInt64 {
        Fingerprint.of(key ^ Fingerprint.of(value.fingerprint, role: 6), role: 5)
    }
}

extension RegoObject {
    public subscript(key: RegoValue) -> RegoValue? {
        position(of: key, key.fingerprint).map { storage.entries[$0].value }
    }

    public subscript(key: String) -> RegoValue? { self[RegoValue(key)] }

    @inline(__always)
    func position(of key: RegoValue, _ fingerprint: UInt64) -> Int? {
        let storage = storage
        if storage.index.isEmpty { return storage.entries.firstIndex { $0.key == key } }
        return storage.index.find(fingerprint) { storage.entries[$0].key == key }
    }

    /// Returns the value that was replaced.
    @discardableResult
    public mutating func updateValue(_ value: RegoValue, forKey key: RegoValue) -> RegoValue? {
        let fingerprint = key.fingerprint
        makeUnique()
        guard let position = position(of: key, fingerprint) else {
            append(key, fingerprint, value)
            return nil
        }
        let old = storage.entries[position].value
        storage.entries[position].value = value
        storage.sum &-= Self.fingerprint(fingerprint, old)
        storage.sum &+= Self.fingerprint(fingerprint, value)
        storage.depth = Swift.max(storage.depth, value.depth + 1)
        storage.size = Size.sum(storage.size, value.size)
        return old
    }

    /// The same members without one; the same object when it has no such member.
    public func removing(_ key: RegoValue) -> RegoObject {
        guard self[key] != nil else { return self }
        return RegoObject(storage.entries.lazy.filter { $0.key != key }.map { ($0.key, $0.value) })
    }

    /// The members of both; where both have a key, `other` wins.
    public func merging(_ other: RegoObject) -> RegoObject {
        if isEmpty { return other }
        var merged = self
        for (key, value) in other { merged.updateValue(value, forKey: key) }
        return merged
    }

    private mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) || storage.order.load() != nil { storage = Storage(copying: storage) }
    }

    private func append(_ key: RegoValue, _ fingerprint: UInt64, _ value: RegoValue) {
        let storage = storage
        if storage.isAscending, let last = storage.entries.last { storage.isAscending = last.key < key }
        storage.entries.append((key, value))
        storage.sum &+= Self.fingerprint(fingerprint, value)
        storage.depth = Swift.max(storage.depth, key.depth + 1, value.depth + 1)
        storage.size = Size.sum(storage.size, Size.sum(key.size, value.size) + 2)
        extendIndex(fingerprint)
    }

    private func extendIndex(_ fingerprint: UInt64) {
        let count = storage.entries.count
        if storage.index.isEmpty, count <= HashIndex.linearLimit { return }
        if storage.index.hasRoom(for: count) {
            storage.index.insert(fingerprint, position: count - 1)
            return
        }
        storage.index = HashIndex(capacity: count * 2)
        for (position, entry) in storage.entries.enumerated() {
            storage.index.insert(entry.key.fingerprint, position: position)
        }
    }
}

extension RegoObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.entries.count }

    /// The members in ascending order of their keys.
    public subscript(position: Int) -> Element {
        if storage.isAscending { return storage.entries[position] }
        return storage.entries[Int(order.positions[position])]
    }

    public var keys: some RandomAccessCollection<RegoValue> { lazy.map(\.key) }
    public var values: some RandomAccessCollection<RegoValue> { lazy.map(\.value) }

    private var order: EntryOrder {
        if let order = storage.order.load() { return order }
        let entries = storage.entries
        let positions = (0..<Int32(truncatingIfNeeded: entries.count)).sorted { entries[Int($0)].key < entries[Int($1)].key }
        return storage.order.storeIfNil(EntryOrder(positions))
    }
}

extension RegoObject: Hashable {
    public static func == (left: RegoObject, right: RegoObject) -> Bool {
        if left.storage === right.storage { return true }
        guard left.storage.sum == right.storage.sum, left.count == right.count else { return false }
        return left.storage.entries.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Member by member, key before value, then by count.
    static func ordering(_ left: RegoObject, _ right: RegoObject) -> Int {
        if left.storage === right.storage { return 0 }
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
