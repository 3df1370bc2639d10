import Synchronization

/// The entries of an object or a set, in one allocation: looked up by fingerprint, listed in ascending order of keys.
///
/// Shared as long as nobody changes it; a change is made in place when nobody else holds it, else in a copy.
struct EntryTable: @unchecked Sendable {
    struct Entry {
        var fingerprint: UInt64
        var key: RegoValue
        /// Null in a set.
        var value: RegoValue
    }

    struct Header {
        var count = 0
        var capacity: Int
        /// Whether the order of insertion is ascending.
        var isAscending = true
        /// Fingerprints of the entries, added up: the same in whatever order they came.
        var sum: UInt64 = 0
        var depth = 1
        var size = 2
        var index = HashIndex()
        /// There once the order of insertion is not ascending.
        var order: LazyOrder?
    }

    /// Changed only while one reference to it exists, hence safe to share.
    final class Storage: ManagedBuffer<Header, Entry> {
        deinit {
            withUnsafeMutablePointers { header, entries in _ = entries.deinitialize(count: header.pointee.count) }
        }
    }

    var storage: Storage

    static let empty = EntryTable(capacity: 0)

    init(capacity: Int) {
        let made = Storage.create(minimumCapacity: capacity) { _ in Header(capacity: capacity) }
        storage = unsafeDowncast(made, to: Storage.self)
        if capacity > HashIndex.linearLimit { header.pointee.index = HashIndex(capacity: capacity) }
    }

    /// The entries move along where nobody else holds them.
    private init(replacing other: EntryTable, isUnique: Bool, capacity: Int) {
        let old = other.header
        var header = Header(capacity: capacity)
        header.count = old.pointee.count
        (header.isAscending, header.sum) = (old.pointee.isAscending, old.pointee.sum)
        (header.depth, header.size) = (old.pointee.depth, old.pointee.size)
        header.index = old.pointee.index
        header.order = header.isAscending ? nil : LazyOrder()
        let made = Storage.create(minimumCapacity: capacity) { _ in header }
        storage = unsafeDowncast(made, to: Storage.self)
        withExtendedLifetime(other) {
            if isUnique {
                entries.moveInitialize(from: other.entries, count: header.count)
                old.pointee.count = 0
            } else {
                entries.initialize(from: other.entries, count: header.count)
            }
        }
    }

    /// Reads while the table is sure to live: the compiler would release it after the last mention of `storage`.
    @inline(__always)
    func read<Result>(_ body: (UnsafeMutablePointer<Header>, UnsafeMutablePointer<Entry>) -> Result) -> Result {
        storage.withUnsafeMutablePointers(body)
    }

    /// Only for functions that change the table, which hold it until they return.
    var header: UnsafeMutablePointer<Header> {
        @inline(__always) get { storage.withUnsafeMutablePointerToHeader { $0 } }
    }

    /// As ``header``.
    var entries: UnsafeMutablePointer<Entry> {
        @inline(__always) get { storage.withUnsafeMutablePointerToElements { $0 } }
    }

    var count: Int { read { header, _ in header.pointee.count } }
    var depth: Int { read { header, _ in header.pointee.depth } }
    var size: Int { read { header, _ in header.pointee.size } }
    var sum: UInt64 { read { header, _ in header.pointee.sum } }

    // MARK: Lookup

    @inline(__always)
    func position(of key: RegoValue, _ fingerprint: UInt64) -> Int? {
        read { header, entries in
            if header.pointee.index.isEmpty {
                for position in 0..<header.pointee.count
                where entries[position].fingerprint == fingerprint && entries[position].key == key { return position }
                return nil
            }
            return header.pointee.index.find(fingerprint) {
                entries[$0].fingerprint == fingerprint && entries[$0].key == key
            }
        }
    }

    @inline(__always)
    func value(for key: RegoValue) -> RegoValue? {
        guard let position = position(of: key, key.fingerprint) else { return nil }
        return read { _, entries in entries[position].value }
    }

    /// The entry at a place in ascending order of keys.
    @inline(__always)
    func withEntry<Result>(at place: Int, _ body: (borrowing Entry) -> Result) -> Result {
        read { header, entries in
            precondition(place >= 0 && place < header.pointee.count)
            return body(entries[header.pointee.isAscending ? place : position(ofPlace: place)])
        }
    }

    private func position(ofPlace place: Int) -> Int {
        read { header, entries in
            let lazy = header.pointee.order ?? LazyOrder()
            if let order = lazy.order.load() { return Int(order.positions[place]) }
            let all = 0..<Int32(truncatingIfNeeded: header.pointee.count)
            let ascending = all.sorted { entries[Int($0)].key < entries[Int($1)].key }
            return Int(lazy.order.storeIfNil(EntryOrder(ascending)).positions[place])
        }
    }

    // MARK: Change

    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) {
            self = EntryTable(replacing: self, isUnique: false, capacity: Swift.max(count + 1, 4))
        }
    }

    /// For a key that is not there yet. `sum` is what the entry adds to the table's fingerprint.
    mutating func append(_ entry: Entry, sum: UInt64) {
        let isUnique = isKnownUniquelyReferenced(&storage)
        let count = count
        if !isUnique || count == header.pointee.capacity {
            let capacity = count == header.pointee.capacity ? Swift.max(count * 2, 2) : header.pointee.capacity
            self = EntryTable(replacing: self, isUnique: isUnique, capacity: capacity)
        }
        let (header, entries) = (header, entries)
        if !header.pointee.isAscending {
            if header.pointee.order?.order.load() != nil { header.pointee.order = LazyOrder() }
        } else if count > 0, entries[count - 1].key >= entry.key {
            header.pointee.isAscending = false
            header.pointee.order = LazyOrder()
        }
        (entries + count).initialize(to: entry)
        header.pointee.count = count + 1
        header.pointee.sum &+= sum
        header.pointee.depth = Swift.max(header.pointee.depth, entry.key.depth + 1, entry.value.depth + 1)
        header.pointee.size = Size.sum(header.pointee.size, entry.key.size)
        extendIndex(entry.fingerprint)
    }

    private func extendIndex(_ fingerprint: UInt64) {
        let (header, entries) = (header, entries)
        let count = header.pointee.count
        if header.pointee.index.isEmpty, count <= HashIndex.linearLimit { return }
        if header.pointee.index.hasRoom(for: count) {
            header.pointee.index.insert(fingerprint, position: count - 1)
            return
        }
        var index = HashIndex(capacity: count * 2)
        for position in 0..<count { index.insert(entries[position].fingerprint, position: position) }
        header.pointee.index = index
    }
}

/// The ascending order of a table's entries, found when it is first asked for.
final class LazyOrder: Sendable {
    let order = AtomicLazyReference<EntryOrder>()
}

final class EntryOrder: Sendable {
    let positions: [Int32]

    init(_ positions: [Int32]) { self.positions = positions }
}
