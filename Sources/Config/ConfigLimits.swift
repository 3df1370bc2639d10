/// Bounds on what a configuration may make the reader do.
public struct ConfigLimits: Sendable {
    /// Of one file, in bytes.
    public var fileBytes = 1 << 20
    public var depth = 32
    /// Values in one document after aliases are followed: this is what stops a "billion laughs".
    public var nodes = 50_000
    /// Of one scalar, in bytes.
    public var scalarBytes = 256 << 10
    /// Of a file named by a `file:` reference.
    public var secretFileBytes = 64 << 10

    public init() {}
}
