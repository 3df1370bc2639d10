/// An array of Rego. Appending to one that nobody else holds takes constant time.
public struct RegoArray: Sendable {
    var storage: Storage

    /// Changed only while one reference to it exists, hence safe to share.
    final class Storage: @unchecked Sendable {
        var elements: [RegoValue]
        var fingerprint: UInt64
        var depth: Int
        var size: Int

        init(elements: [RegoValue] = [], fingerprint: UInt64 = emptyFingerprint, depth: Int = 1, size: Int = 2) {
            self.elements = elements
            self.fingerprint = fingerprint
            self.depth = depth
            self.size = size
        }

        @inline(__always)
        func account(for element: RegoValue) {
            fingerprint = Fingerprint.of(fingerprint ^ element.fingerprint, role: 4)
            depth = Swift.max(depth, element.depth + 1)
            size = Size.sum(size, element.size + 1)
        }

        func copy() -> Storage { Storage(elements: elements, fingerprint: fingerprint, depth: depth, size: size) }
    }

    static let emptyFingerprint = Fingerprint.of(0, role: 4)
    private static let empty = Storage()

    public init() { storage = Self.empty }

    public init(_ elements: some Sequence<RegoValue>) {
        let all = Array(elements)
        storage = all.isEmpty ? Self.empty : Storage(elements: all)
        for element in all { storage.account(for: element) }
    }

    public init(reserving capacity: Int) {
        storage = Storage()
        storage.elements.reserveCapacity(capacity)
    }

    public mutating func append(_ element: RegoValue) {
        if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
        storage.account(for: element)
        storage.elements.append(element)
    }

    public var elements: [RegoValue] { storage.elements }
    public var depth: Int { storage.depth }
    public var size: Int { storage.size }
    var fingerprint: UInt64 { storage.fingerprint }
}

extension RegoArray: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.elements.count }
    public subscript(position: Int) -> RegoValue { storage.elements[position] }
}

extension RegoArray: Hashable {
    public static func == (left: RegoArray, right: RegoArray) -> Bool {
        left.storage === right.storage
            || left.fingerprint == right.fingerprint && left.storage.elements == right.storage.elements
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    /// Element by element, then by length.
    static func ordering(_ left: RegoArray, _ right: RegoArray) -> Int {
        if left.storage === right.storage { return 0 }
        for at in 0..<Swift.min(left.count, right.count) {
            let ordering = RegoValue.ordering(left[at], right[at])
            if ordering != 0 { return ordering }
        }
        return left.count - right.count
    }
}

extension RegoArray: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: RegoValue...) { self.init(elements) }
}

/// Sizes stop growing where they have lost all meaning: a value that holds itself shared many times over is
/// exponentially larger than what it occupies.
enum Size {
    static let greatest = 1 << 60

    @inline(__always)
    static func sum(_ left: Int, _ right: Int) -> Int { Swift.min(left &+ right, greatest) }
}
