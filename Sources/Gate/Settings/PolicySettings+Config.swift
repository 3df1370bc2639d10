import Config
import Core
import JSON
import Policy

extension PolicySettings {
    static let field = Field(
        "policy", .object(fields), "Your own policy, beside the built-in one: see `docs/policy.md`.", default: [:],
        example: [
            "paths": ["./policy"],
            "environments": ["production": ["aws:prod-*"], "test": ["aws:test-*", "k8s:test/*"]],
        ])

    /// The section that policy took the place of.
    static let formerField = Field(
        "rules",
        .removed(
            "rules are written in Rego now: put package gatehouse.custom into a file and name it under policy.paths"),
        "Now `policy`: rules of your own are written in Rego.")

    private static let fields = [
        Field(
            "paths", .list(of: .string),
            "Files and folders with Rego and data of your own, from this file's folder on: rules in package "
                + "`gatehouse.custom` come before the built-in ones.", default: []),
        Field(
            "bundles", .map(of: .object(bundleFields)), "Bundles of policy and data that are fetched, by name.",
            default: [:]),
        Field(
            "environments", .map(of: .list(of: .string)),
            "Globs over targets, by environment; `*` stands for any run of characters. A target of none of them counts "
                + "as `production`.", default: [:]),
        Field(
            "entry_point", .string, "The decision that the gate asks for, below `data`.",
            default: "gatehouse/gate/decision"),
        Field(
            "http_hosts", .list(of: .string),
            "Servers that policy may ask with `http.send`: a name for its ports 443 and 80, or name:port. Of none named, "
                + "none is asked.", default: [], example: ["inventory.example.org", "localhost:8181"]),
    ]

    private static let bundleFields = [
        Field("path", .string, "An archive (tar.gz) or a folder, from this file's folder on."),
        Field("url", .url, "Where it is fetched from."),
        Field("polling", .duration, "How often it is looked for anew.", default: "60s"),
        Field("token", .secret, "Sent as a bearer token.", example: "${BUNDLE_TOKEN}"),
        Field(
            "signing", .object(signingFields),
            "What it has to be signed with; without it, a bundle that is signed is refused."),
    ]

    private static let signingFields = [
        Field(
            "key", .secret, "The public key in PEM, or the shared secret for HS256 and its like.",
            example: "file:./bundle.pem", required: true),
        Field(
            "algorithm",
            .enumeration([
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384",
                "HS512", "EdDSA",
            ]), "How it is signed.", default: "RS256"),
        Field("key_id", .string, "The `keyid` that signatures have to name."),
        Field("scope", .string, "The `scope` that signatures have to name."),
    ]

    /// - Throws: `invalid`, with the place.
    init(_ node: ConfigNode) throws {
        var bundles: [String: BundleSettings] = [:]
        for (name, node) in node.map("bundles") { bundles[name] = try BundleSettings(name, node) }
        var environments: [String: [String]] = [:]
        for (name, node) in node.map("environments") { environments[name] = node.elements.compactMap(\.string) }
        let entryPoint = try node.string("entry_point")
        guard entryPoint.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
            throw (node["entry_point"] ?? node).error(
                "no entry point is spelled so", hint: "write \(BuiltInPolicy.entryPoint), with slashes")
        }
        self.init(
            paths: node.list("paths").compactMap { element in
                element.string.map { InputFile.resolve($0, besides: element.place.file) }
            },
            bundles: bundles, environments: environments, entryPoint: entryPoint,
            httpHosts: try Self.httpHosts(node))
    }

    private static func httpHosts(_ node: ConfigNode) throws -> AllowedHosts {
        do { return try AllowedHosts(try node.strings("http_hosts")) } catch let error as GatehouseError
            where error.domain == "policy"
        {
            throw (node["http_hosts"] ?? node).error(error.message, hint: error.hint)
        }
    }
}

extension BundleSettings {
    fileprivate init(_ name: String, _ node: ConfigNode) throws {
        guard name != BuiltInPolicy.name, !OwnPolicy.names.contains(name) else {
            throw node.error("the name \(name) is taken", hint: "give the bundle another name")
        }
        let location: Location
        switch (try node.optionalString("path"), try node.optionalString("url")) {
        case (let path?, nil): location = .path(InputFile.resolve(path, besides: node.place.file))
        case (nil, let url?): location = .url(url)
        default: throw node.error("exactly one of path and url is expected here")
        }
        let polling = try node.duration("polling")
        guard (.seconds(1) ... .seconds(7 * 86_400)).contains(polling) else {
            throw (node["polling"] ?? node).error("it lies outside 1 second to 7 days")
        }
        self.init(
            location: location, polling: polling, token: try node.optionalSecret("token"),
            signing: try node["signing"].map(Signing.init))
    }
}

extension BundleSettings.Signing {
    fileprivate init(_ node: ConfigNode) throws {
        self.init(
            key: try node.secret("key"), algorithm: try node.string("algorithm"),
            keyID: try node.optionalString("key_id"), scope: try node.optionalString("scope"))
    }
}
