public import Core
internal import JSON
internal import Rego

/// Reads bundles as `opa build` and others write them: a tar, compressed by gzip or not, or a folder.
public struct BundleReader: Sendable, Hashable {
    public var limits: BundleLimits
    /// With it, a bundle without a valid signature is refused.
    public var verification: BundleVerification?
    /// Without ``verification``, a bundle that is signed is refused, unless signatures are ignored: whoever signs
    /// expects to be checked.
    public var ignoresSignatures = false

    public init(limits: BundleLimits = .default, verification: BundleVerification? = nil) {
        self.limits = limits
        self.verification = verification
    }

    /// - Throws: `corrupt`, `invalid`, `too_large`, `unsupported`; `denied` for a signature that is missing or wrong.
    ///   Modules are not parsed here.
    public func read(archive bytes: [UInt8]) throws(GatehouseError) -> Bundle {
        guard bytes.count <= limits.archiveBytes else {
            throw .bundle(.tooLarge, "has more than \(limits.archiveBytes) bytes")
        }
        guard !bytes.isEmpty else { throw .bundle(.corrupt, "is empty") }
        let tar = Gzip.isCompressed(bytes) ? try Gzip.inflate(bytes, limits) : bytes
        return try bundle(of: try TarReader.files(in: tar, limits))
    }

    /// - Throws: as ``read(archive:)``, and `not_found`, `unavailable`.
    public func read(folder: String) throws(GatehouseError) -> Bundle {
        let isVerified = verification != nil
        return try bundle(
            of: try FolderReader.files(in: folder, limits) { isVerified || BundleContent.isPart($0) })
    }

    /// A folder or an archive, whichever is there.
    public func read(path: String) throws(GatehouseError) -> Bundle {
        if let real = LocalFile.realPath(path), LocalFile.kind(of: real) == .folder { return try read(folder: path) }
        return try read(archive: try LocalFile.read(path, limit: limits.archiveBytes))
    }

    private func bundle(of files: [BundleFile]) throws(GatehouseError) -> Bundle {
        let signatures = files.first { $0.path == BundleContent.signatures }
        if let verification {
            try verification.verify(files, signatures: signatures?.bytes)
        } else if signatures != nil, !ignoresSignatures {
            throw .bundle(
                .denied, "is signed, and there is no key to verify it with", hint: "Configure its verification key.")
        }
        return try BundleContent.bundle(of: files)
    }
}

/// The files of a bundle and what they mean.
enum BundleContent {
    static let manifest = ".manifest"
    static let signatures = ".signatures.json"
    static let plan = "plan.json"
    private static let wasm = "policy.wasm"
    private static let patch = "patch.json"
    private static let jsonLimits = JSON.Limits(bytes: 256 << 20, depth: 256, values: 20_000_000)

    /// Whether a bundle's meaning may depend on the file.
    static func isPart(_ path: String) -> Bool {
        let file = BundleFile(path: path, bytes: [])
        return path.hasSuffix(".rego") || isData(file.name) || [manifest, signatures, plan, patch].contains(path)
            || file.name == wasm
    }

    private static func isData(_ name: Substring) -> Bool { ["data.json", "data.yaml", "data.yml"].contains(name) }

    static func bundle(of files: [BundleFile]) throws(GatehouseError) -> Bundle {
        var bundle = Bundle()
        if let manifest = files.first(where: { $0.path == manifest }) {
            bundle.manifest = try Bundle.Manifest(json: manifest.bytes)
        }
        guard !files.contains(where: { $0.path == patch }) else {
            throw .bundle(.unsupported, "is a delta (patch.json), not whole", hint: "Serve a snapshot bundle.")
        }
        var versions = FileVersions(bundle.manifest)
        for file in files.sorted(by: { $0.path < $1.path }) {
            if file.path.hasSuffix(".rego") {
                bundle.modules.append(
                    PolicyModule(path: file.path, text: file.bytes, version: try versions.version(of: file.path)))
            } else if isData(file.name) {
                bundle.data = try bundle.data.joined(with: try data(of: file))
            } else if file.path == plan {
                bundle.plan = file.bytes
            }
        }
        if bundle.modules.isEmpty, bundle.plan == nil, files.contains(where: { $0.name == wasm }) {
            throw .bundle(
                .unsupported, "has its policy in WebAssembly alone, which is not run here",
                hint: "Build it with `opa build -t rego` or `-t plan`.")
        }
        try bundle.checkData()
        return bundle
    }

    /// The document of a file within objects for its folders.
    private static func data(of file: BundleFile) throws(GatehouseError) -> RegoValue {
        let value = try document(of: file)
        guard !file.folders.isEmpty || value.object != nil else {
            throw .bundle(.invalid, "has data at its root that is no object: \(file.path)")
        }
        return file.folders.reversed().reduce(value) { [RegoValue($1): $0] }
    }

    /// A JSON or YAML file, whatever its name says between them.
    static func document(of file: BundleFile) throws(GatehouseError) -> RegoValue {
        if file.name.hasSuffix(".json") {
            do { return try RegoValue(parsing: file.bytes, limits: jsonLimits) } catch {
                throw GatehouseError(
                    "policy", error.code == .tooLarge ? .tooLarge : .invalid, "\(file.path) is no JSON", from: error)
            }
        }
        do throws(GatehouseError) { return try RegoValue(yaml: file.bytes) } catch {
            throw GatehouseError("policy", error.code, "\(file.path): \(error.message)", hint: error.hint)
        }
    }
}
