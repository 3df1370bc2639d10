/// Bounds on a bundle from outside. Passing one gives `too_large`.
public struct BundleLimits: Sendable, Hashable {
    /// Of the archive as it comes, in bytes.
    public var archiveBytes = 64 << 20
    /// Of the archive decompressed, or of all files of a folder.
    public var totalBytes = 256 << 20
    /// Decompressed to compressed size; looked at above a MiB.
    public var ratio = 200
    /// Files and folders.
    public var entries = 20_000
    public var fileBytes = 64 << 20
    /// Of a path, in bytes.
    public var pathBytes = 1024
    /// Folders within each other.
    public var depth = 64

    public init() {}

    public static let `default` = BundleLimits()
}
