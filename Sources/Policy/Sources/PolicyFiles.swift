public import Core
public import Rego

/// Modules and data from files that are named one by one, as `opa eval --data` takes them.
public struct PolicyFiles: Sendable, Hashable {
    /// Each under the path that it was found by.
    public var modules: [PolicyModule] = []
    /// All documents merged, an object.
    public var data: RegoValue = .object(RegoObject())

    public init() {}

    /// Loads files and folders. Of folders, `.rego`, `.json`, `.yaml` and `.yml` are taken; a document goes to the root of
    /// all data, or in a folder within the one named to the path of that folder. `a.b:FILE` puts it below `data.a.b`.
    ///
    /// - Parameters:
    ///   - arguments: also archives, whose modules and data are taken; their roots do not count here.
    ///   - excluded: patterns of paths in folders, `testdata/**`.
    /// - Throws: `not_found`; `invalid` for what cannot be read, with its path; `conflict` when two documents have
    ///   something at the same path; `too_large`.
    public init(
        loading arguments: [String], excluding excluded: [String] = [], limits: BundleLimits = .default
    ) throws(GatehouseError) {
        var patterns: [PathPattern] = []
        for text in excluded {
            guard let pattern = PathPattern(text) else {
                throw GatehouseError("policy", .invalid, "\(text) is no pattern of files: use *, ** and ?")
            }
            patterns.append(pattern)
        }
        for argument in arguments { try load(argument, patterns, limits) }
    }

    private mutating func load(
        _ argument: String, _ excluded: [PathPattern], _ limits: BundleLimits
    ) throws(GatehouseError) {
        let (prefix, path) = Self.split(argument)
        guard let real = LocalFile.realPath(path) else {
            throw GatehouseError("policy", .notFound, "there is no file or folder \(path)")
        }
        guard LocalFile.kind(of: real) == .folder else {
            try loadFile(path, below: prefix, limits)
            return
        }
        let files = try FolderReader.files(in: path, limits) { path in
            Self.isKnown(path) && !excluded.contains { $0.matches(path) }
        }
        let folder = path.hasSuffix("/") ? path : "\(path)/"
        for file in files {
            try take(file, named: folder == "./" ? file.path : folder + file.path, below: prefix + file.folders)
        }
    }

    private mutating func loadFile(
        _ path: String, below prefix: [String], _ limits: BundleLimits
    ) throws(GatehouseError) {
        if path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz") {
            var reader = BundleReader(limits: limits)
            reader.ignoresSignatures = true
            let bundle = try reader.read(path: path)
            modules += bundle.modules.map {
                PolicyModule(path: "\(path)/\($0.path)", text: $0.text, version: $0.version)
            }
            data = try data.joined(with: bundle.data)
            return
        }
        guard Self.isKnown(path) else {
            throw GatehouseError(
                "policy", .invalid, "\(path) is neither policy nor data",
                hint: "Name files that end in .rego, .json, .yaml, .yml or .tar.gz.")
        }
        let bytes = try LocalFile.read(path, limit: limits.fileBytes)
        try take(BundleFile(path: path, bytes: bytes), named: path, below: prefix)
    }

    private mutating func take(_ file: BundleFile, named name: String, below path: [String]) throws(GatehouseError) {
        if name.hasSuffix(".rego") {
            guard !modules.contains(where: { $0.path == name }) else { return }
            modules.append(PolicyModule(path: name, text: file.bytes))
            return
        }
        let value = try BundleContent.document(of: BundleFile(path: name, bytes: file.bytes))
        guard !path.isEmpty || value.object != nil else {
            throw GatehouseError(
                "policy", .invalid, "\(name) has no object but \(value.typeName)",
                hint: "Say where it belongs: some.path:\(name).")
        }
        do throws(GatehouseError) {
            data = try data.joined(with: path.reversed().reduce(value) { [RegoValue($1): $0] })
        } catch {
            throw GatehouseError("policy", error.code, "\(name): \(error.message)", hint: error.hint)
        }
    }

    private static func isKnown(_ path: String) -> Bool {
        [".rego", ".json", ".yaml", ".yml"].contains { path.hasSuffix($0) }
    }

    /// `a.b:file.json` is the path `["a", "b"]` and the file.
    private static func split(_ argument: String) -> (prefix: [String], path: String) {
        guard let colon = argument.firstIndex(of: ":"), colon > argument.startIndex else { return ([], argument) }
        let prefix = argument[..<colon]
        guard !prefix.contains("/"), LocalFile.kind(of: argument) == nil else { return ([], argument) }
        return (prefix.split(separator: ".").map(String.init), String(argument[argument.index(after: colon)...]))
    }
}
