package import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of a folder that each define one thing, such as a workflow or an agent: YAML or JSON by their names. What lies
/// in folders below is none of them, and nothing that links lead to outside of it.
package struct DefinitionFolder: Sendable {
    /// What a folder is about, for messages and bounds.
    package struct Kind: Sendable {
        /// Of errors.
        package let domain: String
        /// What its files define, in the plural.
        package let noun: String
        /// The setting that names the folder.
        package let setting: String
        package let mostFiles: Int
        /// Bytes of one file.
        package let mostBytes: Int

        package init(domain: String, noun: String, setting: String, mostFiles: Int, mostBytes: Int) {
            (self.domain, self.noun, self.setting) = (domain, noun, setting)
            (self.mostFiles, self.mostBytes) = (mostFiles, mostBytes)
        }
    }

    package struct File: Sendable {
        /// Its name without the ending.
        package let stem: String
        package let path: String
    }

    package let path: String
    package let kind: Kind

    package init(path: String, _ kind: Kind) { (self.path, self.kind) = (path, kind) }

    private static let endings = [".yaml", ".yml", ".json"]

    /// In the order of their names, and whether there are more than may be.
    /// - Throws: `unavailable` where the folder cannot be read. One that does not exist holds none.
    package func files() throws(GatehouseError) -> (files: [File], isCut: Bool) {
        guard let folder = opendir(path) else {
            let reason = errno
            if reason == ENOENT { return ([], false) }
            throw GatehouseError(
                kind.domain, .unavailable, "the folder of \(kind.noun) \(path) cannot be read",
                cause: String(cString: strerror(reason)), hint: "check \(kind.setting) and its permissions")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if Self.stem(name) != nil { names.append(name) }
        }
        let files = names.sorted().prefix(kind.mostFiles).compactMap { name in
            Self.stem(name).map { File(stem: $0, path: "\(path)/\(name)") }
        }
        return (files, names.count > kind.mostFiles)
    }

    private static func stem(_ name: String) -> String? {
        guard !name.hasPrefix("."), let ending = endings.first(where: name.hasSuffix) else { return nil }
        return String(name.dropLast(ending.utf8.count))
    }

    /// The bytes of a file that lies in the folder, whatever links lead to it.
    /// - Throws: `denied` for a link that leads out of it; `notFound`, `unavailable`, `invalid`, `tooLarge`.
    package func bytes(of file: File) throws(GatehouseError) -> [UInt8] {
        guard let real = Self.resolved(file.path), let own = Self.resolved(path) else {
            throw GatehouseError(
                kind.domain, .unavailable, "\(file.path) cannot be read", cause: String(cString: strerror(errno)))
        }
        guard real.hasPrefix(own == "/" ? own : own + "/") else {
            throw GatehouseError(
                kind.domain, .denied, "\(file.path) is a link that leads out of the folder of \(kind.noun)",
                hint: "put the file itself there")
        }
        return try InputFile.contents(of: real, limit: kind.mostBytes).bytes
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
