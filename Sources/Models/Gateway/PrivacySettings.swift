public import Config
import Core
import JSON
public import Privacy

/// The section `privacy` of the configuration: what becomes of what is found in texts on their way to models and back.
public struct PrivacySettings: Sendable, Hashable {
    public var rules = PrivacyRules.default
    /// Whose numbers are looked for; nil for everybody's.
    public var regions: Set<Region>?
    public var classifiers: [ClassifierSettings] = []
    public var tools = ToolPrivacy.Rules()
    /// By a tool's id, or the beginning of one before a `*`.
    public var byTool: [String: ToolPrivacy.Rules] = [:]

    public init() {}

    /// Takes a while: patterns are compiled.
    public func makeSetup() throws -> PrivacySetup {
        let clients = classifiers.map { ClassifierClient($0) }
        let scanner = try PrivacyScanner(regions: regions)
        let hasExternal = !clients.isEmpty
        return PrivacySetup(
            filter: PrivacyFilter(scanner: scanner, rules: rules, hasExternal: hasExternal),
            tools: ToolPrivacy(tools, byTool: byTool, scanner: scanner, hasExternal: hasExternal),
            classifiers: Classifiers(clients), answerClassifiers: Classifiers(clients.filter(\.settings.answers)),
            toolClassifiers: Classifiers(clients.filter(\.settings.tools)))
    }

    /// - Parameter root: of a file that was read with ``field`` among its sections.
    public init(_ root: ConfigNode) throws {
        let node = try root.object("privacy")
        classifiers = try node.list("classifiers").map { try ClassifierSettings($0) }
        let known = classifiers.reduce(into: Self.builtin) { $0.formUnion($1.exchange.knownKinds) }
        try Self.read(node, into: &rules, kinds: known)
        rules.minimumConfidence = Double(try node.int("confidence")) / 100
        tools.rules.minimumConfidence = rules.minimumConfidence
        let toolsNode = try node.object("tools")
        try Self.read(toolsNode, into: &tools.rules, kinds: known)
        tools.restores = try toolsNode.bool("restore")
        for (tool, own) in toolsNode.map("by_tool") {
            var rules = tools
            try Self.read(own, into: &rules.rules, kinds: known)
            if let restores = try own.optionalBool("restore") { rules.restores = restores }
            byTool[tool] = rules
        }
        regions = try node["regions"].map { _ in Set(try node.strings("regions").map(Region.init(rawValue:))) }
    }

    private static func read(_ node: ConfigNode, into rules: inout PrivacyRules, kinds known: Set<PrivacyKind>) throws {
        for (kind, action) in node.map("kinds") {
            rules.byKind[try Self.kind(kind, action, among: known)] = try Self.action(action)
        }
        for (label, action) in node.map("labels") { rules.byLabel[Label(label)] = try Self.action(action) }
    }

    private static let builtin = Set(Detector.builtin.map(\.kind) + [.dateOfBirth])

    private static func kind(
        _ name: String, _ node: ConfigNode, among known: Set<PrivacyKind>
    ) throws -> PrivacyKind {
        if known.contains(PrivacyKind(name)) { return PrivacyKind(name) }
        let meant = Suggestion.nearest(to: name, among: known.map(\.rawValue))
        throw node.error(
            "\"\(name)\" is no kind of finding",
            hint: meant.map { "did you mean \"\($0)\"?" }
                ?? "one of \(known.map(\.rawValue).sorted().joined(separator: ", "))")
    }

    private static func action(_ node: ConfigNode) throws -> PrivacyAction {
        guard let action = node.string.flatMap(PrivacyAction.init(rawValue:)) else {
            throw node.error("this is no action", hint: "one of \(names.joined(separator: ", "))")
        }
        return action
    }

    private static let names = PrivacyAction.allCases.map(\.rawValue)

    public static let field = Field(
        "privacy",
        .object([
            Field(
                "kinds", .map(of: .enumeration(names)), "What becomes of a kind of finding; goes before its label.",
                default: [:], example: ["EMAIL": "stand_in", "IP_ADDRESS": "allow"]),
            Field(
                "labels", .map(of: .enumeration(names)),
                "What becomes of findings with a label. Without it secrets are redacted, and pii, phi and pci become tokens.",
                default: [:], example: ["pci": "block"]),
            Field(
                "confidence", .int(1...100), "Findings that are less sure are left alone; in hundredths.", default: 50),
            Field(
                "regions", .list(of: .string),
                "Countries (ISO 3166) whose numbers are looked for; without it, those of all.", example: ["US", "DE"]),
            Field(
                "tools",
                .object([
                    Field(
                        "kinds", .map(of: .enumeration(names)), "As above, for what goes to tools and comes from them.",
                        default: [:]),
                    Field(
                        "labels", .map(of: .enumeration(names)),
                        "As above. Without it secrets are redacted; all else is labelled and passes.", default: [:],
                        example: ["pii": "token"]),
                    Field(
                        "restore", .bool,
                        "Gives tools the values behind the session's tokens in arguments, and makes them tokens again in answers.",
                        default: false),
                    Field(
                        "by_tool",
                        .map(
                            of: .object([
                                Field("kinds", .map(of: .enumeration(names)), "As above, for these.", default: [:]),
                                Field("labels", .map(of: .enumeration(names)), "As above, for these.", default: [:]),
                                Field("restore", .bool, "Instead of that of all tools."),
                            ]), keys: .any),
                        "Rules for a tool by its id, or for all that begin with what stands before a *.", default: [:],
                        example: ["mcp.slack.*": ["labels": ["pii": "redact"]]]),
                ]), "Personal data and secrets in arguments and answers of tools.", default: [:]),
            Field(
                "classifiers", .list(of: .object(ClassifierSettings.fields)),
                "Programs with the interface of Presidio's analyzer that are asked about each text beside our own detectors. "
                    + "Where one of them fails, nothing passes.",
                default: [],
                example: [["name": "presidio", "url": "http://127.0.0.1:5002/analyze", "entities": ["PERSON"]]]),
        ]), "Personal data and secrets on their way to models and tools, and back.", default: [:])
}
