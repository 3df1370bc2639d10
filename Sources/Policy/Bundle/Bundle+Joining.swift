public import Core
internal import Rego

extension Bundle {
    /// Policy and data of both, with the first one's revision and metadata.
    ///
    /// - Throws: `conflict` when both have data at the same path.
    public func joined(with other: Bundle) throws(GatehouseError) -> Bundle {
        var joined = self
        joined.manifest.roots += other.manifest.roots.filter { !manifest.roots.contains($0) }
        joined.modules = Self.versioned(self) + Self.versioned(other)
        joined.manifest.regoVersion = nil
        joined.manifest.fileRegoVersions = [:]
        joined.data = try data.joined(with: other.data)
        joined.plan = nil
        return joined
    }

    /// The modules, each with what the manifest says of its version.
    private static func versioned(_ bundle: Bundle) -> [PolicyModule] {
        bundle.modules.map { module in
            var module = module
            if module.version == nil { module.version = bundle.manifest.regoVersion }
            return module
        }
    }
}
