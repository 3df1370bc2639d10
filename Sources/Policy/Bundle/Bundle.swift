public import JSON
public import Rego

/// A file of Rego, not yet parsed.
public struct PolicyModule: Sendable, Hashable {
    /// Where it lies in its bundle, with slashes: `roles/admin.rego`.
    public var path: String
    public var text: [UInt8]
    /// Nil for what the bundle, or else the store, says.
    public var version: RegoVersion?

    public init(path: String, text: [UInt8], version: RegoVersion? = nil) {
        self.path = path
        self.text = text
        self.version = version
    }

    public init(path: String, text: String, version: RegoVersion? = nil) {
        self.init(path: path, text: Array(text.utf8), version: version)
    }
}

/// Policy and data that belong together (https://www.openpolicyagent.org/docs/management-bundles).
public struct Bundle: Sendable, Hashable {
    /// What `.manifest` says.
    public struct Manifest: Sendable, Hashable {
        /// Chosen by whoever built the bundle.
        public var revision: String
        /// The paths below `data`, with slashes, that this bundle owns: no other may have policy or data there.
        public var roots: [String]
        /// For modules that ``fileRegoVersions`` does not name.
        public var regoVersion: RegoVersion?
        /// By path or pattern (`/legacy/*.rego`).
        public var fileRegoVersions: [String: RegoVersion]
        /// Whatever else its builder wanted to say.
        public var metadata: JSON

        public init(
            revision: String = "", roots: [String] = [""], regoVersion: RegoVersion? = nil,
            fileRegoVersions: [String: RegoVersion] = [:], metadata: JSON = .object(JSONObject())
        ) {
            self.revision = revision
            self.roots = roots
            self.regoVersion = regoVersion
            self.fileRegoVersions = fileRegoVersions
            self.metadata = metadata
        }
    }

    public var manifest: Manifest
    public var modules: [PolicyModule]
    /// An object.
    public var data: RegoValue
    /// `plan.json` of `opa build -t plan`. It is run where the bundle has no modules.
    public var plan: [UInt8]?

    public init(
        manifest: Manifest = Manifest(), modules: [PolicyModule] = [], data: RegoValue = .object(RegoObject()),
        plan: [UInt8]? = nil
    ) {
        self.manifest = manifest
        self.modules = modules
        self.data = data
        self.plan = plan
    }
}
