/// A set of Rego, iterated in ascending order, looked up by fingerprint.
public struct RegoSet: Sendable {
    var table: EntryTable

    public init() { table = .empty }

    public init(_ elements: some Sequence<RegoValue>) {
        self.init()
        for element in elements { insert(element) }
    }

    public var depth: Int { table.depth }
    /// See ``RegoValue/size``.
    public var size: Int { table.size }
    var fingerprint: UInt64 { Fingerprint.of(table.sum, role: 7) }
}

extension RegoSet {
    public func contains(_ element: RegoValue) -> Bool { table.position(of: element, element.fingerprint) != nil }

    /// Returns whether the element is new.
    @discardableResult
    public mutating func insert(_ element: RegoValue) -> Bool {
        let fingerprint = element.fingerprint
        guard table.position(of: element, fingerprint) == nil else { return false }
        table.append(
            EntryTable.Entry(fingerprint: fingerprint, key: element, value: .null),
            sum: Fingerprint.of(fingerprint, role: 7))
        table.header.pointee.size += 1
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
}

extension RegoSet: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { table.count }

    /// The elements in ascending order.
    public subscript(position: Int) -> RegoValue { table.withEntry(at: position) { $0.key } }
}

extension RegoSet: Hashable {
    public static func == (left: RegoSet, right: RegoSet) -> Bool {
        if left.table.storage === right.table.storage { return true }
        guard left.table.sum == right.table.sum, left.count == right.count else { return false }
        return left.allSatisfy { right.contains($0) }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Element by element in ascending order, then by count.
    static func ordering(_ left: RegoSet, _ right: RegoSet) -> Int {
        if left.table.storage === right.table.storage { return 0 }
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
