import Archive
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the parts of a container image lie: a tar (`docker save`, or an OCI layout that was packed), or a folder with an
/// OCI layout (image-spec 1.1, "Image Layout"). Nothing is unpacked.
struct ImageStore: Sendable {
    private enum Parts: Sendable {
        case tar(any ByteSource, files: [String: Range<Int64>], links: [String: String])
        case folder(TreeReader)
    }

    private let parts: Parts
    /// Why the tar could not be read to its end.
    private(set) var damage: String?

    /// Names of entries of the tar that are kept.
    private static let maximumEntries = 100_000

    /// Nil for what is no image.
    /// - Throws: `notFound`, `denied`, `unavailable` for what cannot be opened.
    static func open(_ path: String) throws(GatehouseError) -> ImageStore? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFDIR {
            let reader = try TreeReader(root: path)
            guard case .descriptor(let file) = reader.open(Array("oci-layout".utf8)[...]) else { return nil }
            TreeReader.close(file)
            return ImageStore(parts: .folder(reader))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        let source = try FileSource(path)
        guard source.count >= 1024, TarHeader(try source.read(0..<512)).isValid else { return nil }
        return ImageStore(tar: source)
    }

    private init(parts: Parts) { self.parts = parts }

    /// Nil where the tar holds no image.
    init?(tar source: any ByteSource) {
        var tar = TarStream(SourceStream(source))
        var (files, links): ([String: Range<Int64>], [String: String]) = ([:], [:])
        for _ in 0..<Self.maximumEntries {
            let entry: TarStream.Entry
            do throws(GatehouseError) {
                guard let next = try tar.next() else { break }
                entry = next
            } catch {
                damage = error.message
                break
            }
            guard let name = ImagePath.normal(entry.path) else { continue }
            let text = String(decoding: name, as: UTF8.self)
            switch entry.kind {
            case .file: files[text] = entry.offset..<entry.offset + entry.size
            case .symbolicLink(let target), .hardLink(let target):
                if let target = Self.target(target, of: text, entry.kind) { links[text] = target }
            case .folder, .other: break
            }
        }
        guard files["manifest.json"] != nil || (files["oci-layout"] != nil && files["index.json"] != nil) else {
            return nil
        }
        parts = .tar(source, files: files, links: links)
    }

    /// Older tars of Docker's link a layer that is there twice to its first place.
    private static func target(_ target: [UInt8], of name: String, _ kind: TarStream.Kind) -> String? {
        var full = target
        if case .symbolicLink = kind, let slash = name.lastIndex(of: "/") {
            full = Array(name[...slash].utf8) + target
        }
        return ImagePath.resolved(full).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A part by its name, relative to the top.
    /// - Throws: `notFound`.
    func part(_ name: String) throws(GatehouseError) -> any ByteSource {
        switch parts {
        case .tar(let source, let files, let links):
            guard let range = files[name] ?? links[name].flatMap({ files[$0] }) else { throw Self.missing(name) }
            return SliceSource(source, range)
        case .folder(let reader):
            guard let path = ImagePath.normal(Array(name.utf8)), case .descriptor(let file) = reader.open(path[...])
            else { throw Self.missing(name) }
            return try FileSource(descriptor: file, named: name)
        }
    }

    /// A part that is read whole.
    /// - Throws: `notFound`, `tooLarge`.
    func bytes(_ name: String, limit: Int64 = 4 << 20) throws(GatehouseError) -> [UInt8] {
        let source = try part(name)
        guard source.count <= limit else {
            throw GatehouseError("scan", .tooLarge, "\(name) of the image has more than \(limit) bytes")
        }
        return try source.read(0..<source.count)
    }

    private static func missing(_ name: String) -> GatehouseError {
        GatehouseError("scan", .notFound, "\(name.prefix(200)) is not in the image")
    }
}

/// Paths within images and layers.
enum ImagePath {
    private static let longest = 4096

    /// Without what changes nothing (`./`, `//`); nil for one that is absolute, leads upwards, or is none.
    static func normal(_ path: [UInt8]) -> [UInt8]? {
        guard path.first != UInt8(ascii: "/"), path.count <= longest, !path.contains(0) else { return nil }
        let parts = path.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard !parts.isEmpty, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }

    /// The same, where `..` leads to the folder above; nil where it leads out of the top.
    static func resolved(_ path: [UInt8]) -> [UInt8]? {
        var parts: [ArraySlice<UInt8>] = []
        for part in path.prefix(longest).split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return parts.isEmpty ? nil : Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }
}
