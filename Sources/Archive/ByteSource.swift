public import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bytes that are read in any order: a file, or memory.
public protocol ByteSource: Sendable {
    var count: Int64 { get }
    /// Exactly these bytes.
    /// - Throws: `corrupt` where they do not lie within the source, `unavailable` where it cannot be read.
    func read(_ range: Range<Int64>) throws(GatehouseError) -> [UInt8]
}

extension ByteSource {
    static func outside(_ range: Range<Int64>) -> GatehouseError {
        GatehouseError("archive", .corrupt, "the archive is cut short: bytes \(range) are not in it")
    }
}

public struct MemorySource: ByteSource {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var count: Int64 { Int64(bytes.count) }

    public func read(_ range: Range<Int64>) throws(GatehouseError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw Self.outside(range) }
        return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
}

/// A regular file, held open.
public final class FileSource: ByteSource {
    private let descriptor: Int32
    public let count: Int64

    /// - Throws: `notFound`, `unavailable`.
    public convenience init(_ path: String) throws(GatehouseError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw GatehouseError(
                "archive", errno == ENOENT ? .notFound : .unavailable, "cannot read \(path)",
                cause: String(cString: strerror(errno)))
        }
        try self.init(descriptor: descriptor, named: path)
    }

    /// Takes the descriptor over.
    /// - Throws: `invalid` for what is no regular file.
    public init(descriptor: Int32, named name: String) throws(GatehouseError) {
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw GatehouseError("archive", .invalid, "\(name) is no regular file")
        }
        count = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    public func read(_ range: Range<Int64>) throws(GatehouseError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else { throw Self.outside(range) }
        let wanted = Int(range.upperBound - range.lowerBound)
        let descriptor = descriptor
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted, let base = buffer.baseAddress {
                let count = pread(descriptor, base + filled, wanted - filled, Int(range.lowerBound) + filled)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                filled += count
            }
        }
        guard bytes.count == wanted else {
            throw GatehouseError("archive", .unavailable, "the archive became shorter while it was read")
        }
        return bytes
    }
}
