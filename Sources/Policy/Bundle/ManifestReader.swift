internal import Core
internal import JSON
internal import Rego

extension Bundle.Manifest {
    private static let limits = JSON.Limits(bytes: 4 << 20, depth: 64, values: 100_000)

    /// Reads `.manifest`. Members that are not known are left alone, as OPA does.
    init(json bytes: [UInt8]) throws(GatehouseError) {
        let json: JSON
        do { json = try JSON.parse(bytes, limits: Self.limits) } catch {
            throw GatehouseError("policy", .invalid, ".manifest cannot be read", from: error)
        }
        guard let object = json.object else { throw Self.problem("is no object") }
        self.init()
        if let value = Self.member("revision", of: object) {
            guard let text = value.string else { throw Self.problem("has a revision that is no text") }
            revision = text
        }
        if let value = Self.member("roots", of: object) { roots = try Self.roots(value) }
        if let value = Self.member("rego_version", of: object) { regoVersion = try Self.version(value) }
        if let value = Self.member("file_rego_versions", of: object) { fileRegoVersions = try Self.versions(value) }
        if let value = Self.member("metadata", of: object) {
            guard value.object != nil else { throw Self.problem("has metadata that is no object") }
            metadata = value
        }
        guard Self.member("wasm", of: object)?.array?.isEmpty ?? true else {
            throw GatehouseError(
                "policy", .unsupported, ".manifest has entry points in WebAssembly, which is not run here",
                hint: "Build the bundle with `opa build -t rego` or `-t plan`.")
        }
        try checkRoots()
    }

    private static func member(_ name: String, of object: JSONObject) -> JSON? {
        object[name].flatMap { $0.isNull ? nil : $0 }
    }

    private static func problem(_ what: String) -> GatehouseError {
        GatehouseError("policy", .invalid, ".manifest \(what)")
    }

    private static func roots(_ value: JSON) throws(GatehouseError) -> [String] {
        guard let elements = value.array, elements.count <= 1000 else {
            throw problem("has roots that are no list of at most 1000 paths")
        }
        var roots: [String] = []
        for element in elements {
            guard let text = element.string else { throw problem("has a root that is no text") }
            roots.append(Root(text).description)
        }
        return roots
    }

    private static func version(_ value: JSON) throws(GatehouseError) -> RegoVersion {
        switch value.int {
        case 0: .v0
        case 1: .v1
        default: throw problem("has a version of Rego that is neither 0 nor 1")
        }
    }

    private static func versions(_ value: JSON) throws(GatehouseError) -> [String: RegoVersion] {
        guard let object = value.object else { throw problem("has file_rego_versions that are no object") }
        var versions: [String: RegoVersion] = [:]
        for (pattern, value) in object {
            guard PathPattern(pattern) != nil else {
                throw problem("has a pattern of files with brackets, braces or backslashes: \(pattern)")
            }
            guard pattern.utf8.count <= 1024 else { throw problem("has a pattern of files of more than 1024 bytes") }
            versions[pattern] = try version(value)
        }
        return versions
    }

    /// As `.manifest`.
    var json: JSON {
        var object: JSONObject = ["revision": .string(revision), "roots": .array(roots.map { .string($0) })]
        if let regoVersion { object["rego_version"] = regoVersion.json }
        if !fileRegoVersions.isEmpty {
            let sorted = fileRegoVersions.sorted { $0.key < $1.key }
            object["file_rego_versions"] = .object(JSONObject(sorted.map { ($0.key, $0.value.json) }))
        }
        if metadata.object?.isEmpty == false { object["metadata"] = metadata }
        return .object(object)
    }
}

extension RegoVersion {
    fileprivate var json: JSON { .number(self == .v0 ? 0 : 1) }
}
