import Archive
import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Advisories that lie together: a zip archive as OSV publishes one for each ecosystem, or files of a folder.
struct AdvisoryPile: Sendable {
    enum Content: Sendable {
        case zip(ZipArchive, [ZipArchive.Entry])
        case files([String])
    }

    /// The one ecosystem that it is about; nil where what it says decides.
    var ecosystem: String?
    /// A date that its source gives, beside those in the advisories.
    var date: Timestamp?
    var content: Content

    static let maximumBytes = 32 << 20
    private static let maximumFiles = 1_000_000

    var count: Int {
        switch content {
        case .zip(_, let entries): entries.count
        case .files(let paths): paths.count
        }
    }

    func name(at index: Int) -> String {
        switch content {
        case .zip(_, let entries): entries[index].name
        case .files(let paths): paths[index]
        }
    }

    func bytes(at index: Int) throws(GatehouseError) -> [UInt8] {
        switch content {
        case .zip(let archive, let entries): return try archive.read(entries[index], limit: Self.maximumBytes)
        case .files(let paths):
            let source = try FileSource(paths[index])
            guard source.count <= Int64(Self.maximumBytes) else {
                throw GatehouseError("scan", .tooLarge, "\(paths[index]) has more than \(Self.maximumBytes) bytes")
            }
            return try source.read(0..<source.count)
        }
    }

    /// What lies at a path: a `.zip`, a `.json`, or a folder with any of them at any depth.
    /// - Parameter ecosystem: of all of it; else file and folder names that are ecosystems tell.
    static func found(at path: String, ecosystem: String?) throws(GatehouseError) -> [AdvisoryPile] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw GatehouseError(
                "scan", .notFound, "there is nothing at \(path)", hint: "give a folder or one of OSV's zip archives")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [try single(path, ecosystem)] }
        var budget = maximumFiles
        let piles = try folder(path, ecosystem, depth: 0, &budget)
        guard !piles.isEmpty else {
            throw GatehouseError(
                "scan", .invalid, "\(path) holds no .zip and no .json", hint: "is it the right folder?")
        }
        return piles
    }

    private static func single(_ path: String, _ ecosystem: String?) throws(GatehouseError) -> AdvisoryPile {
        guard path.hasSuffix(".zip") else { return AdvisoryPile(ecosystem: ecosystem, content: .files([path])) }
        let archive = try ZipArchive(FileSource(path))
        let entries = archive.entries.filter { $0.name.hasSuffix(".json") }
        return AdvisoryPile(
            ecosystem: ecosystem ?? named(path), date: entries.compactMap(\.modified).max(),
            content: .zip(archive, entries))
    }

    private static func folder(
        _ path: String, _ ecosystem: String?, depth: Int, _ budget: inout Int
    ) throws(GatehouseError) -> [AdvisoryPile] {
        guard depth <= 16 else { return [] }
        var (files, piles): ([String], [AdvisoryPile]) = ([], [])
        for name in names(in: path) {
            budget -= 1
            guard budget > 0 else {
                throw GatehouseError("scan", .tooLarge, "the folder holds more than \(maximumFiles) files")
            }
            let child = "\(path)/\(name)"
            var status = stat()
            guard lstat(child, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: piles += try folder(child, ecosystem, depth: depth + 1, &budget)
            case S_IFREG where name.hasSuffix(".zip"): piles.append(try single(child, ecosystem))
            case S_IFREG where name.hasSuffix(".json"): files.append(child)
            default: break
            }
        }
        if !files.isEmpty {
            piles.append(AdvisoryPile(ecosystem: ecosystem ?? named(path + "/x"), content: .files(files)))
        }
        return piles
    }

    /// In their order; none for what cannot be read.
    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// `PyPI.zip` and `PyPI/all.zip` are PyPI's.
    private static func named(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        let file = parts.last.map { $0.hasSuffix(".zip") ? String($0.dropLast(4)) : String($0) }
        return [file, parts.dropLast().last.map(String.init)].compactMap(\.self).first(where: Ecosystems.isKnown)
    }
}
