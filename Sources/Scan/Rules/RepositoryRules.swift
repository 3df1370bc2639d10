import Core
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The rules that a tree brings itself, in `.gatehouse/secrets/*.yaml`.
enum RepositoryRules {
    static let folder = ".gatehouse/secrets"
    static let mostFiles = 64
    private static let fileBytes = 1 << 20

    /// A file that is not valid is named among what could not be checked, and the others hold.
    static func load(_ reader: TreeReader, _ tally: inout Tally) -> OwnRules {
        var own = OwnRules()
        let names = files(reader)
        if names.count > mostFiles {
            tally.note(Array(folder.utf8), .rules, "the first \(mostFiles) files of \(names.count) are read")
        }
        for name in names.prefix(mostFiles) {
            let path = Array("\(folder)/".utf8) + name
            do {
                own = try own.joined(with: try rules(path, reader))
            } catch let error as GatehouseError {
                tally.note(
                    path, .rules, [error.message, error.cause, error.hint].compactMap(\.self).joined(separator: "; "))
            } catch {
                tally.note(path, .rules, String(describing: error))
            }
        }
        return own
    }

    private static func rules(_ path: [UInt8], _ reader: TreeReader) throws -> OwnRules {
        guard case .descriptor(let file) = reader.open(path[...]) else {
            throw GatehouseError("scan", .unavailable, "cannot be opened", hint: "links are not followed")
        }
        defer { TreeReader.close(file) }
        guard case .file = TreeReader.kind(of: file),
            let bytes = FolderWalk.readWhole(file, limit: fileBytes + 1), bytes.count <= fileBytes
        else {
            throw GatehouseError("scan", .tooLarge, "is no file of up to \(fileBytes) bytes")
        }
        return try OwnRuleFile.parse(bytes, file: Printable.text(path))
    }

    /// In the order of their names.
    private static func files(_ reader: TreeReader) -> [[UInt8]] {
        guard case .descriptor(let descriptor) = reader.open(Array(folder.utf8)[...]) else { return [] }
        guard let stream = fdopendir(descriptor) else {
            TreeReader.close(descriptor)
            return []
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream), names.count < 10_000 {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            let text = String(decoding: name, as: UTF8.self)
            if !text.hasPrefix("."), text.hasSuffix(".yaml") || text.hasSuffix(".yml") { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// The rules that the configuration names, for all assessments. A reload puts others in their place.
public final class AssessRules: Sendable {
    private let held: Mutex<OwnRules>

    public init(_ rules: OwnRules = OwnRules()) { held = Mutex(rules) }

    public var rules: OwnRules {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
