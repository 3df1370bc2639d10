package import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folders below which callers from elsewhere may have things assessed. Users of this machine, for whom the kernel
/// vouches, name any path that the house can read.
public final class AssessRoots: Sendable {
    private let list: Mutex<[String]>

    public init(_ folders: [String] = []) { list = Mutex(folders) }

    public var folders: [String] {
        get { list.withLock { $0 } }
        set { list.withLock { $0 = newValue } }
    }

    /// The path with its links resolved, when it lies in one of the folders.
    /// - Throws: `denied`, in the same words for what lies elsewhere and for what is not there.
    package func admit(_ path: String) throws(GatehouseError) -> String {
        if let resolved = Self.resolved(path), folders.compactMap(Self.resolved).contains(where: { resolved.isIn($0) })
        {
            return resolved
        }
        throw GatehouseError(
            "scan", .denied, "\(AssessTool.id): \(path.prefix(200)) is in no folder that may be named from elsewhere",
            hint: "give an https:// address, run gatehouse assess on the machine itself, or have a folder above it put "
                + "under assess.roots in the configuration")
    }

    /// Nil for what is not there, and for what is not spelled in UTF-8.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }
}

extension String {
    /// Byte for byte: texts that only look the same are different paths.
    fileprivate func isIn(_ folder: String) -> Bool {
        let folder = folder.utf8.last == UInt8(ascii: "/") ? Array(folder.utf8.dropLast()) : Array(folder.utf8)
        guard utf8.starts(with: folder) else { return false }
        let rest = utf8.dropFirst(folder.count)
        return rest.first ?? UInt8(ascii: "/") == UInt8(ascii: "/")
    }
}
