/// One value in a ``JSONDocument``: a cheap cursor that keeps the document alive.
public struct JSONView: Sendable {
    let storage: JSONDocument.Storage
    let index: Int

    @inline(__always)
    init(storage: JSONDocument.Storage, index: Int) {
        self.storage = storage
        self.index = index
    }

    var token: Token {
        @inline(__always) get { storage.tape[index] }
    }

    public var kind: JSON.Kind { token.kind }
    public var isNull: Bool { kind == .null }
    /// Whether this is the key of a member; see ``Member/keyView``.
    public var isKey: Bool { token.isKey }

    /// Place of the value in the document's bytes: with its quotes or brackets, without white space around it.
    public var raw: Range<Int> { token.range }
    /// The value as it was spelled.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[raw] }

    public var bool: Bool? { kind == .bool ? storage.bytes[Int(token.start)] == UInt8(ascii: "t") : nil }

    /// The number when it is an integer that fits, however spelled (`10`, `10.0`, `1e1`).
    public var int: Int? { kind == .number ? withSpelling(of: raw, NumberText.int) : nil }
    /// The number as the nearest double; nil when it is out of range.
    public var double: Double? { kind == .number ? withSpelling(of: raw, NumberText.double) : nil }
    public var number: JSONNumber? {
        guard kind == .number else { return nil }
        return JSONNumber(validated: withSpelling(of: raw) { String(decoding: $0, as: UTF8.self) })
    }

    /// The text with its escapes read.
    public var string: String? {
        let token = token
        guard token.kind == .string else { return nil }
        return withSpelling(of: token.content) { spelled in
            token.isEscaped ? Unescape.string(spelled) : String(decoding: spelled, as: UTF8.self)
        }
    }

    /// Calls `body` with the text as UTF-8, which is copied only when it has escapes. Nil when this is no text.
    public func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        let token = token
        guard token.kind == .string else { return nil }
        return try withSpelling(of: token.content) { spelled in
            guard token.isEscaped else { return try body(spelled) }
            return try Unescape.bytes(spelled).withUnsafeBufferPointer(body)
        }
    }

    /// The value and all that it holds, built in memory.
    public var value: JSON {
        storage.bytes.withUnsafeBufferPointer { bytes in
            ValueBuilder(bytes: bytes, tape: storage.tape, allowsDuplicateKeys: storage.allowsDuplicateKeys)
                .value(at: index)
        }
    }

    @inline(__always)
    private func withSpelling<Result>(
        of range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try storage.bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}

extension JSONView {
    /// The member's value; nil when this is no object or has no such member. Takes time by the number of members.
    public subscript(key: String) -> JSONView? {
        guard kind == .object else { return nil }
        var key = key
        return key.withUTF8 { wanted in find(wanted) }
    }

    private func find(_ wanted: UnsafeBufferPointer<UInt8>) -> JSONView? {
        storage.bytes.withUnsafeBufferPointer { bytes in
            let end = Int(token.next)
            var at = index + 1
            var found: Int?
            while at < end {
                let key = storage.tape[at]
                let spelled = UnsafeBufferPointer(rebasing: bytes[key.content])
                if key.isEscaped
                    ? Unescape.bytes(spelled).elementsEqual(wanted) : Bytes.same(spelled, wanted)
                {
                    found = at + 1
                    if !storage.allowsDuplicateKeys { break }
                }
                at = Int(storage.tape[at + 1].next)
            }
            return found.map { JSONView(storage: storage, index: $0) }
        }
    }

    /// The element; nil when this is no array or is shorter. Takes time by the index.
    public subscript(index: Int) -> JSONView? {
        guard index >= 0 else { return nil }
        return elements.dropFirst(index).first { _ in true }
    }

    /// Elements of an array or members of an object, counted one by one; 0 for any other value.
    public var count: Int {
        kind == .object ? members.reduce(0) { count, _ in count + 1 } : elements.reduce(0) { count, _ in count + 1 }
    }

    /// The elements of an array; none for any other value.
    public var elements: Elements { Elements(view: self) }

    public struct Elements: Sequence, IteratorProtocol, Sendable {
        private let storage: JSONDocument.Storage
        private var index: Int
        private let end: Int

        fileprivate init(view: JSONView) {
            storage = view.storage
            index = view.index + 1
            end = view.kind == .array ? Int(view.token.next) : 0
        }

        public mutating func next() -> JSONView? {
            guard index < end else { return nil }
            defer { index = Int(storage.tape[index].next) }
            return JSONView(storage: storage, index: index)
        }
    }

    /// The members of an object as they stand; none for any other value.
    public var members: Members { Members(view: self) }

    public struct Member: Sendable {
        public let keyView: JSONView
        public var key: String { keyView.string ?? "" }
        public var value: JSONView { JSONView(storage: keyView.storage, index: keyView.index + 1) }
    }

    public struct Members: Sequence, IteratorProtocol, Sendable {
        private let storage: JSONDocument.Storage
        private var index: Int
        private let end: Int

        fileprivate init(view: JSONView) {
            storage = view.storage
            index = view.index + 1
            end = view.kind == .object ? Int(view.token.next) : 0
        }

        public mutating func next() -> Member? {
            guard index < end else { return nil }
            defer { index = Int(storage.tape[index + 1].next) }
            return Member(keyView: JSONView(storage: storage, index: index))
        }
    }
}
