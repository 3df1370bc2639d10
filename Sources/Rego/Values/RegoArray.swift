/// An array of Rego, in one allocation. Appending to one that nobody else holds takes constant time.
public struct RegoArray: @unchecked Sendable {
    struct Header {
        var count = 0
        var capacity: Int
        var fingerprint = RegoArray.emptyFingerprint
        var depth = 1
        var size = 2
    }

    /// Changed only while one reference to it exists, hence safe to share.
    final class Storage: ManagedBuffer<Header, RegoValue> {
        deinit {
            withUnsafeMutablePointers { header, values in _ = values.deinitialize(count: header.pointee.count) }
        }
    }

    var storage: Storage

    static let emptyFingerprint = Fingerprint.of(0, role: 4)
    private static let empty = RegoArray(capacity: 0)

    private init(capacity: Int) {
        storage = unsafeDowncast(
            Storage.create(minimumCapacity: capacity) { _ in Header(capacity: capacity) }, to: Storage.self)
    }

    public init() { self = Self.empty }

    public init(_ elements: some Sequence<RegoValue>) {
        self.init(reserving: elements.underestimatedCount)
        for element in elements { append(element) }
    }

    public init(reserving capacity: Int) { self = capacity > 0 ? RegoArray(capacity: capacity) : Self.empty }

    public mutating func append(_ element: RegoValue) {
        let isUnique = isKnownUniquelyReferenced(&storage)
        let count = count
        if !isUnique || count == header.pointee.capacity {
            self = replaced(isUnique: isUnique, capacity: Swift.max(count * 2, 4))
        }
        (values + count).initialize(to: element)
        let header = header
        header.pointee.count = count + 1
        header.pointee.fingerprint = Fingerprint.of(header.pointee.fingerprint ^ element.fingerprint, role: 4)
        header.pointee.depth = Swift.max(header.pointee.depth, element.depth + 1)
        header.pointee.size = Size.sum(header.pointee.size, element.size + 1)
    }

    /// The elements move along where nobody else holds them.
    private func replaced(isUnique: Bool, capacity: Int) -> RegoArray {
        let other = RegoArray(capacity: capacity)
        var copied = header.pointee
        copied.capacity = capacity
        other.header.pointee = copied
        withExtendedLifetime(self) {
            if isUnique {
                other.values.moveInitialize(from: values, count: copied.count)
                header.pointee.count = 0
            } else {
                other.values.initialize(from: values, count: copied.count)
            }
        }
        return other
    }

    /// Reads while the array is sure to live: the compiler would release it after the last mention of `storage`.
    @inline(__always)
    func read<Result>(_ body: (UnsafeMutablePointer<Header>, UnsafeMutablePointer<RegoValue>) -> Result) -> Result {
        storage.withUnsafeMutablePointers(body)
    }

    /// Only for functions that change the array, which hold it until they return.
    private var header: UnsafeMutablePointer<Header> {
        @inline(__always) get { storage.withUnsafeMutablePointerToHeader { $0 } }
    }

    private var values: UnsafeMutablePointer<RegoValue> {
        @inline(__always) get { storage.withUnsafeMutablePointerToElements { $0 } }
    }

    public var elements: [RegoValue] { Array(self) }
    public var depth: Int { read { header, _ in header.pointee.depth } }
    public var size: Int { read { header, _ in header.pointee.size } }
    var fingerprint: UInt64 { read { header, _ in header.pointee.fingerprint } }
}

extension RegoArray: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { read { header, _ in header.pointee.count } }

    public subscript(position: Int) -> RegoValue {
        @inline(__always) get {
            read { header, values in
                precondition(position >= 0 && position < header.pointee.count)
                return values[position]
            }
        }
    }
}

extension RegoArray: Hashable {
    public static func == (left: RegoArray, right: RegoArray) -> Bool {
        left.storage === right.storage
            || left.fingerprint == right.fingerprint && left.count == right.count && left.elementsEqual(right)
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
