package import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder as assessments see it: which files count, and their bytes. No link is followed, and nothing outside is read.
package struct AssessedFolder: Sendable {
    let reader: TreeReader
    /// Canonical and absolute.
    package var root: String { reader.root }

    /// - Throws: `notFound` or `denied` with the path.
    package init(_ path: String) throws(GatehouseError) { reader = try TreeReader(root: path) }

    /// Every file by its path made printable, as assessments name it, with the bytes of that path. A name that two
    /// files would share stands for neither.
    package func paths() async throws -> [String: [UInt8]] {
        var found: [String: [UInt8]?] = [:]
        for path in try await listing() {
            let name = Printable.text(path)
            found[name] = found[name] == nil ? .some(path) : .some(nil)
        }
        return found.compactMapValues(\.self)
    }

    private func listing() async throws -> [[UInt8]] {
        var own: IgnoreRules?
        if case .descriptor(let file) = reader.open(Array(".gatehouseignore".utf8)[...]) {
            own = FolderWalk.rules(file)
        }
        var paths: [[UInt8]] = []
        if let repository = try? await GitRepository.find(at: root, git: Git()), !repository.isBare {
            try await Git().listWorkTree(root, ignoring: own, skipped: { _ in }, hand: { paths += $0 })
            return paths
        }
        let walk = FolderWalk(reader, also: own)
        while let step = walk.next() {
            if case .file(let path) = step { paths.append(path) }
        }
        return paths
    }

    /// Nil for what is no regular file, cannot be opened, or is longer than the limit.
    package func read(_ path: [UInt8], limit: Int) -> [UInt8]? {
        guard case .descriptor(let file) = reader.open(path[...]) else { return nil }
        defer { close(file) }
        guard case .file(let size, let device)? = TreeReader.kind(of: file), size <= limit,
            KernelFiles.folder(of: device) == nil, let bytes = FolderWalk.readWhole(file, limit: limit + 1),
            bytes.count <= limit
        else { return nil }
        return bytes
    }

    /// Opens the folder that a file is in, link by link followed by none.
    package func openFolder(of path: [UInt8]) -> Int32? {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return reader.openRoot() }
        guard case .descriptor(let folder) = reader.open(path[..<slash], O_DIRECTORY) else { return nil }
        return folder
    }
}
