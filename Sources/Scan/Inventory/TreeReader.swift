import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Opens files below one folder and never outside it: each component is opened in turn and no symbolic link is
/// followed, so that neither a link nor a path of git's can lead out of the tree.
final class TreeReader: Sendable {
    enum Kind: Sendable, Hashable {
        case file(bytes: Int64, device: UInt64)
        case directory, symlink
        /// FIFO, socket or device.
        case special
    }

    /// Canonical and absolute.
    let root: String
    private let descriptor: Int32

    /// - Throws: `notFound` or `denied` with the path.
    init(root: String) throws(GatehouseError) {
        guard let resolved = realpath(root, nil) else { throw TreeReader.error("cannot assess \(root)", errno) }
        defer { free(resolved) }
        self.root = String(cString: resolved)
        descriptor = Glibc.open(resolved, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TreeReader.error("cannot open the folder \(root)", errno) }
    }

    deinit { Self.close(descriptor) }

    /// A descriptor on the root of its own.
    func openRoot() -> Int32? {
        let opened = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return opened >= 0 ? opened : nil
    }

    enum Opened {
        case descriptor(Int32)
        /// The system's error number; `ELOOP` for a symbolic link.
        case failed(Int32)
    }

    /// Opens for reading without waiting (a FIFO with no writer would hold us for ever).
    ///
    /// - Parameter flags: more of them, for the last component.
    func open(_ path: ArraySlice<UInt8>, _ flags: Int32 = O_NONBLOCK) -> Opened {
        var folder = descriptor
        defer { if folder != descriptor { Self.close(folder) } }
        let components = path.split(separator: UInt8(ascii: "/"))
        guard let last = components.last, !components.contains(where: { $0.elementsEqual("..".utf8) }) else {
            return .failed(EINVAL)
        }
        for component in components.dropLast() {
            let next = TreeReader.openComponent(folder, component, O_DIRECTORY)
            guard next >= 0 else { return .failed(errno) }
            if folder != descriptor { Self.close(folder) }
            folder = next
        }
        let opened = TreeReader.openComponent(folder, last, flags)
        return opened >= 0 ? .descriptor(opened) : .failed(errno)
    }

    /// The folder of the file that was opened last, so that its neighbours need not open the way to it again.
    struct Folder: ~Copyable {
        fileprivate var path: ArraySlice<UInt8>?
        fileprivate var descriptor: Int32 = -1

        deinit { if descriptor >= 0 { TreeReader.close(descriptor) } }
    }

    /// As ``open(_:)``, for files of one list.
    func open(_ path: [UInt8], in folder: inout Folder) -> Opened {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return open(path[...]) }
        let name = path[(slash + 1)...]
        guard !name.isEmpty, !name.elementsEqual("..".utf8) else { return .failed(EINVAL) }
        if folder.path != path[..<slash] {
            folder = Folder()
            guard case .descriptor(let descriptor) = open(path[..<slash], O_DIRECTORY) else {
                return open(path[...])
            }
            (folder.path, folder.descriptor) = (path[..<slash], descriptor)
        }
        let opened = TreeReader.openComponent(folder.descriptor, name, O_NONBLOCK)
        return opened >= 0 ? .descriptor(opened) : .failed(errno)
    }

    static func openComponent(_ folder: Int32, _ name: ArraySlice<UInt8>, _ flags: Int32) -> Int32 {
        (Array(name) + [0]).withUnsafeBytes { bytes in
            guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return openat(folder, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | flags)
        }
    }

    static func kind(of descriptor: Int32) -> Kind? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return kind(status)
    }

    /// Without following a link.
    static func kind(_ name: UnsafePointer<CChar>, in folder: Int32) -> Kind? {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return kind(status)
    }

    private static func kind(_ status: stat) -> Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file(bytes: Int64(status.st_size), device: UInt64(status.st_dev))
        case S_IFDIR: .directory
        case S_IFLNK: .symlink
        default: .special
        }
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    static func words(for error: Int32) -> String { String(cString: strerror(error)) }

    static func error(_ message: String, _ number: Int32) -> GatehouseError {
        let code: GatehouseError.Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .denied
            default: .unavailable
            }
        return GatehouseError(
            "scan", code, message, cause: words(for: number), hint: "check the path and its permissions")
    }
}
