/// A value that must not be seen: it prints, logs and encodes as `[redacted]`. ``expose()`` is the one way to the
/// bytes, so that every use of a secret can be found by its name.
public struct Secret: Sendable, Hashable {
    private let value: String

    public init(_ value: String) { self.value = value }

    public func expose() -> String { value }

    public var isEmpty: Bool { value.isEmpty }

    public static func == (a: Secret, b: Secret) -> Bool { ConstantTime.equal(a.value.utf8, b.value.utf8) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "[redacted]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
