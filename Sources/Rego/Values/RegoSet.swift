import Synchronization

/// A set of Rego, iterated in ascending order, looked up by fingerprint.
public struct RegoSet: Sendable {
    var storage: Storage

    /// Changed only while one reference to it exists, hence safe to share.
    final class Storage: @unchecked Sendable {
        /// In order of insertion.
        var elements: [RegoValue]
        var index: HashIndex
        /// Whether the order of insertion is ascending.
        var isAscending: Bool
        var sum: UInt64
        var depth: Int
        var size: Int
        let order = AtomicLazyReference<EntryOrder>()

        init() {
            elements = []
            index = HashIndex()
            isAscending = true
            sum = 0
            depth = 1
            size = 2
        }

        init(copying other: Storage) {
            elements = other.elements
            index = other.index
            isAscending = other.isAscending
            sum = other.sum
            depth = other.depth
            size = other.size
        }
    }

    private static let empty = Storage()

    public init() { storage = Self.empty }

    public init(_ elements: some Sequence<RegoValue>) {
        self.init()
        for element in elements { insert(element) }
    }

    public var depth: Int { storage.depth }
    /// See ``RegoValue/size``.
    public var size: Int { storage.size }
    var fingerprint: UInt64 { Fingerprint.of(storage.sum, role: 7) }
}

extension RegoSet {
    public func contains(_ element: RegoValue) -> Bool { position(of: element, element.fingerprint) != nil }

    private func position(of element: RegoValue, _ fingerprint: UInt64) -> Int? {
        let storage = storage
        if storage.index.isEmpty { return storage.elements.firstIndex { $0 == element } }
        return storage.index.find(fingerprint) { storage.elements[$0] == element }
    }

    /// Returns whether the element is new.
    @discardableResult
    public mutating func insert(_ element: RegoValue) -> Bool {
        let fingerprint = element.fingerprint
        guard position(of: element, fingerprint) == nil else { return false }
        if !isKnownUniquelyReferenced(&storage) || storage.order.load() != nil { storage = Storage(copying: storage) }
        append(element, fingerprint)
        return true
    }

    public func union(_ other: RegoSet) -> RegoSet {
        if other.count > count { return other.union(self) }
        var all = self
        for element in other { all.insert(element) }
        return all
    }

    public func intersection(_ other: RegoSet) -> RegoSet {
        if other.count < count { return other.intersection(self) }
        return RegoSet(lazy.filter { other.contains($0) })
    }

    public func subtracting(_ other: RegoSet) -> RegoSet { RegoSet(lazy.filter { !other.contains($0) }) }

    private func append(_ element: RegoValue, _ fingerprint: UInt64) {
        let storage = storage
        if storage.isAscending, let last = storage.elements.last { storage.isAscending = last < element }
        storage.elements.append(element)
        storage.sum &+= Fingerprint.of(fingerprint, role: 7)
        storage.depth = Swift.max(storage.depth, element.depth + 1)
        storage.size = Size.sum(storage.size, element.size + 1)
        extendIndex(fingerprint)
    }

    private func extendIndex(_ fingerprint: UInt64) {
        let count = storage.elements.count
        if storage.index.isEmpty, count <= HashIndex.linearLimit { return }
        if storage.index.hasRoom(for: count) {
            storage.index.insert(fingerprint, position: count - 1)
            return
        }
        storage.index = HashIndex(capacity: count * 2)
        for (position, element) in storage.elements.enumerated() {
            storage.index.insert(element.fingerprint, position: position)
        }
    }
}

extension RegoSet: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.elements.count }

    /// The elements in ascending order.
    public subscript(position: Int) -> RegoValue {
        if storage.isAscending { return storage.elements[position] }
        return storage.elements[Int(order.positions[position])]
    }

    private var order: EntryOrder {
        if let order = storage.order.load() { return order }
        let elements = storage.elements
        let positions = (0..<Int32(truncatingIfNeeded: elements.count)).sorted { elements[Int($0)] < elements[Int($1)] }
        return storage.order.storeIfNil(EntryOrder(positions))
    }
}

extension RegoSet: Hashable {
    public static func == (left: RegoSet, right: RegoSet) -> Bool {
        if left.storage === right.storage { return true }
        guard left.storage.sum == right.storage.sum, left.count == right.count else { return false }
        return left.storage.elements.allSatisfy { right.contains($0) }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Element by element in ascending order, then by count.
    static func ordering(_ left: RegoSet, _ right: RegoSet) -> Int {
        if left.storage === right.storage { return 0 }
        for at in 0..<Swift.min(left.count, right.count) {
            let ordering = RegoValue.ordering(left[at], right[at])
            if ordering != 0 { return ordering }
        }
        return left.count - right.count
    }
}

extension RegoSet: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: RegoValue...) { self.init(elements) }
}
