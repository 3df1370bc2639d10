import Config
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The agents' files of a folder; what lies in folders below is none of them.
struct AgentFolder: Sendable {
    static let mostFiles = 200

    let path: String

    /// The names of its files in their order, and whether there are more than may be.
    /// - Throws: `unavailable` where the folder cannot be read. One that does not exist holds none.
    func files() throws(GatehouseError) -> (names: [String], isCut: Bool) {
        guard let folder = opendir(path) else {
            let reason = errno
            if reason == ENOENT { return ([], false) }
            throw GatehouseError(
                "agents", .unavailable, "the folder of agents \(path) cannot be read",
                cause: String(cString: strerror(reason)), hint: "check agents.folder and its permissions")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if Self.isDefinition(name) { names.append(name) }
        }
        names.sort()
        return (Array(names.prefix(Self.mostFiles)), names.count > Self.mostFiles)
    }

    private static func isDefinition(_ name: String) -> Bool {
        !name.hasPrefix(".") && [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }

    /// - Throws: `denied` for a link that leads out of the folder; what reading a file throws.
    func bytes(of name: String) throws(GatehouseError) -> [UInt8] {
        let file = "\(path)/\(name)"
        guard let real = Self.resolved(file), let own = Self.resolved(path) else {
            throw GatehouseError(
                "agents", .unavailable, "\(file) cannot be read", cause: String(cString: strerror(errno)))
        }
        guard real.hasPrefix(own == "/" ? own : own + "/") else {
            throw GatehouseError(
                "agents", .denied, "\(file) is a link that leads out of the folder of agents",
                hint: "put the file itself there")
        }
        return try InputFile.contents(of: real, limit: AgentReader.limits.fileBytes).bytes
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
