/// A text of Rego: shared, with its fingerprint; compared by its UTF-8 bytes, which is by code points.
public struct RegoString: Sendable {
    let storage: Storage

    final class Storage: Sendable {
        let text: String
        let fingerprint: UInt64
        let utf8Count: Int

        init(_ text: String) {
            var text = text
            fingerprint = text.withUTF8 { Fingerprint.of(bytes: $0) }
            utf8Count = text.utf8.count
            self.text = text
        }
    }

    public init(_ text: String) { storage = Storage(text) }
    public init(_ text: Substring) { storage = Storage(String(text)) }
    /// Bytes that are no UTF-8 become U+FFFD.
    public init(decoding bytes: some Collection<UInt8>) { storage = Storage(String(decoding: bytes, as: UTF8.self)) }

    public var text: String { storage.text }
    public var utf8Count: Int { storage.utf8Count }
    public var isEmpty: Bool { storage.utf8Count == 0 }

    var fingerprint: UInt64 {
        @inline(__always) get { storage.fingerprint }
    }

    public func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var text = storage.text
        var result: Swift.Result<Result, Failure>?
        text.withUTF8 { bytes in
            do throws(Failure) { result = .success(try body(bytes)) } catch { result = .failure(error) }
        }
        if let result { return try result.get() }
        return try body(UnsafeBufferPointer(start: nil, count: 0))
    }
}

extension RegoString: Hashable {
    @inline(__always)
    public static func == (left: RegoString, right: RegoString) -> Bool {
        left.storage === right.storage
            || left.fingerprint == right.fingerprint && left.utf8Count == right.utf8Count && sameBytes(left, right)
    }

    /// Short texts, which are stored alike, are equal word by word.
    private static func sameBytes(_ left: RegoString, _ right: RegoString) -> Bool {
        left.utf8Count <= 15 && left.text == right.text || ordering(left, right) == 0
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension RegoString: Comparable {
    public static func < (left: RegoString, right: RegoString) -> Bool { ordering(left, right) < 0 }

    /// Negative, zero or positive, by bytes.
    static func ordering(_ left: RegoString, _ right: RegoString) -> Int {
        if left.storage === right.storage { return 0 }
        return left.withUTF8 { left in
            right.withUTF8 { right in
                let shared = min(left.count, right.count)
                for at in 0..<shared where left[at] != right[at] { return left[at] < right[at] ? -1 : 1 }
                return left.count - right.count
            }
        }
    }
}

extension RegoString: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { text }
}
