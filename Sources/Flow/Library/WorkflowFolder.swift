import Config
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The workflows' files of a folder; what lies in folders below is none of them.
struct WorkflowFolder {
    static let mostFiles = 500

    struct File {
        /// Without its ending.
        var stem: String
        var path: String
    }

    let path: String

    /// In the order of their names, and whether there are more than may be.
    /// - Throws: `unavailable` where the folder cannot be read. One that does not exist holds none.
    func files() throws(GatehouseError) -> (files: [File], isCut: Bool) {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return ([], false) }
            throw GatehouseError(
                "flow", .unavailable, "cannot read the folder of workflows \(path)",
                cause: String(cString: strerror(errno)), hint: "check workflows.folder and its permissions")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if Self.stem(name) != nil { names.append(name) }
        }
        let files = names.sorted().prefix(Self.mostFiles).compactMap { name in
            Self.stem(name).map { File(stem: $0, path: "\(path)/\(name)") }
        }
        return (files, names.count > Self.mostFiles)
    }

    private static func stem(_ name: String) -> String? {
        for ending in [".yaml", ".yml", ".json"] where name.hasSuffix(ending) && !name.hasPrefix(".") {
            return String(name.dropLast(ending.utf8.count))
        }
        return nil
    }

    /// The bytes of a file that lies in the folder, whatever links lead to it.
    /// - Throws: `denied` for a link that leads out of it; `notFound`, `unavailable`, `invalid`, `tooLarge`.
    func bytes(of file: File) throws(GatehouseError) -> [UInt8] {
        guard let real = Self.resolved(file.path), let own = Self.resolved(path) else {
            throw GatehouseError(
                "flow", .unavailable, "cannot read \(file.path)", cause: String(cString: strerror(errno)))
        }
        guard real.hasPrefix(own + "/") else {
            throw GatehouseError(
                "flow", .denied, "\(file.path) is a link that leads out of the folder of workflows",
                hint: "put the file itself there")
        }
        return try InputFile.contents(of: real, limit: WorkflowReader.limits.fileBytes).bytes
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
