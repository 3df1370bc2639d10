import Core
import Foundation
import JSON
public import Privacy

/// The servers that clients below a folder are set up to use, past the gate or through it.
public struct ServerInventory: Sendable {
    public struct Report: Sendable {
        public var servers: [FoundServer] = []
        /// Settings that are there and could not be read, with the reason.
        public var unread: [(file: String, reason: String)] = []
    }

    /// Larger settings are not read.
    static let mostBytes = 8 << 20
    private static let mostFolders = 20_000
    private static let deepest = 6
    private static let skipped: Set<String> = [
        "node_modules", ".git", ".build", ".venv", "venv", "target", "dist", "vendor", "__pycache__", ".cache",
    ]

    private let secrets: SecretDetector

    public init(_ secrets: SecretDetector) { self.secrets = secrets }

    /// - Parameter root: a repository, a folder of them, or a home folder.
    /// - Throws: `not_found`.
    public func look(in root: String) throws -> Report {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue else {
            throw GatehouseError("mcp", .notFound, "there is no folder \(root)")
        }
        var report = Report()
        let risks = ServerRisks(secrets: secrets)
        for folder in folders(below: root) {
            for settings in ClientSettings.known { read(settings, in: folder, &report) }
        }
        report.servers = Array(Set(report.servers)).map { server in
            var server = server
            server.risks = risks.risks(of: server)
            return server
        }.sorted { ($0.file, $0.name, $0.client) < ($1.file, $1.name, $1.client) }
        return report
    }

    private func read(_ settings: ClientSettings, in folder: String, _ report: inout Report) {
        let file = "\(folder)/\(settings.path)"
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return }
        guard let size = attributes[.size] as? Int, size <= Self.mostBytes,
            let bytes = FileManager.default.contents(atPath: file)
        else {
            report.unread.append((file, "it cannot be read, or is larger than 8 MB"))
            return
        }
        do {
            let json = try JSON.parse(RelaxedJSON.plain([UInt8](bytes)))
            report.servers += settings.servers(in: json, file: file)
        } catch {
            report.unread.append((file, "it is no JSON: \(error.description)"))
        }
    }

    /// The folder itself and those below it, without what is fetched or made. Links are not followed.
    private func folders(below root: String) -> [String] {
        var folders = [root]
        var at = 0
        var depths = [root: 0]
        while at < folders.count, folders.count < Self.mostFolders {
            let folder = folders[at]
            at += 1
            guard let depth = depths[folder], depth < Self.deepest,
                let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
            else { continue }
            for name in names.sorted() where !name.hasPrefix(".") && !Self.skipped.contains(name) {
                let path = "\(folder)/\(name)"
                let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                guard type == .typeDirectory else { continue }
                folders.append(path)
                depths[path] = depth + 1
            }
        }
        return folders
    }
}
