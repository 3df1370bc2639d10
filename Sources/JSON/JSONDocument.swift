/// Validated JSON text that is read in place, for data that passes through: its bytes stay as they are, values are
/// decoded only when asked for, and parts can be replaced while all else stays byte for byte.
public struct JSONDocument: Sendable {
    let storage: Storage

    /// What the document and its views share; never changed.
    final class Storage: Sendable {
        let bytes: [UInt8]
        let tape: [Token]
        let allowsDuplicateKeys: Bool

        init(_ bytes: [UInt8], _ limits: JSON.Limits) throws(JSONError) {
            tape = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> [Token] in
                try Scanner.scan(buffer, limits)
            }
            self.bytes = bytes
            allowsDuplicateKeys = limits.allowsDuplicateKeys
        }
    }

    /// Keeps the array (without a copy) when it is one JSON value, strictly by RFC 8259; else throws.
    public init(_ bytes: [UInt8], limits: JSON.Limits = .default) throws(JSONError) {
        storage = try Storage(bytes, limits)
    }

    public init(_ text: String, limits: JSON.Limits = .default) throws(JSONError) {
        try self.init([UInt8](text.utf8), limits: limits)
    }

    /// Copies the bytes.
    public init(_ bytes: UnsafeRawBufferPointer, limits: JSON.Limits = .default) throws(JSONError) {
        try self.init([UInt8](bytes), limits: limits)
    }

    /// The text as it came.
    public var bytes: [UInt8] { storage.bytes }

    public var root: JSONView { JSONView(storage: storage, index: 0) }
    public var value: JSON { root.value }

    public subscript(key: String) -> JSONView? { root[key] }
    public subscript(index: Int) -> JSONView? { root[index] }

    /// Every text in the document, keys (``JSONView/isKey``) and values, in order and at any depth.
    public var strings: some Sequence<JSONView> {
        let storage = storage
        return storage.tape.indices.lazy
            .filter { storage.tape[$0].kind == .string }
            .map { JSONView(storage: storage, index: $0) }
    }
}
