public import Core
internal import JSON
internal import Rego

/// Writes bundles as OPA reads them, the same bytes for the same bundle and key.
public struct BundleWriter: Sendable {
    public var signing: BundleSigning?

    public init(signing: BundleSigning? = nil) { self.signing = signing }

    /// A tar compressed by gzip.
    ///
    /// - Throws: `invalid` for a path or data that no bundle may have, or a key that cannot sign.
    public func build(_ bundle: Bundle) throws(GatehouseError) -> [UInt8] {
        var files = try Self.files(of: bundle)
        if let signing {
            files.append(BundleFile(path: BundleContent.signatures, bytes: try signing.signatures(for: files)))
        }
        var tar = TarWriter()
        for file in files.sorted(by: { $0.path < $1.path }) { tar.add(file) }
        return try GzipText.compress(tar.finish(), level: 9)
    }

    private static func files(of bundle: Bundle) throws(GatehouseError) -> [BundleFile] {
        try bundle.manifest.checkRoots()
        try bundle.checkData()
        var manifest = bundle.manifest
        var versions = FileVersions(manifest)
        var files: [BundleFile] = []
        for module in bundle.modules {
            let path = try EntryPath.normalized(Array(module.path.utf8)[...], .default)
            guard path.hasSuffix(".rego"), !files.contains(where: { $0.path == path }) else {
                throw .bundle(
                    .invalid, "cannot have the module \(module.path)",
                    hint: "Each needs a path of its own ending in .rego.")
            }
            if let version = module.version, try versions.version(of: path) != version {
                manifest.fileRegoVersions["/\(path)"] = version
            }
            files.append(BundleFile(path: path, bytes: module.text))
        }
        files.append(BundleFile(path: "data.json", bytes: bundle.data.json.bytes()))
        files.append(BundleFile(path: BundleContent.manifest, bytes: manifest.json.bytes()))
        if let plan = bundle.plan { files.append(BundleFile(path: BundleContent.plan, bytes: plan)) }
        return files
    }
}
