import Config
public import Core
import Gate
import JSON

/// One MCP server behind the gate: an entry of the section `mcpServers`, in the shape in which clients keep theirs.
public struct UpstreamSettings: Sendable, Hashable {
    public enum Reach: Sendable, Hashable {
        /// A program that is started here and spoken to over its standard input and output.
        case process(command: String, arguments: [String], environment: [String: Secret], folder: String?)
        case http(url: String, headers: [String: Secret])
    }

    public var name: String
    public var reach: Reach
    /// What calls of a tool do to the world, where somebody who knows said so: it goes before what the server claims.
    public var effects: [NamePattern: Effect] = [:]
    /// Set where each who uses it has an authorization of their own.
    public var oauth: OAuthSettings?
    /// Labels that what is sent to it may have.
    public var clearance: Set<Label>
    public var poisonedAnswers = PoisonedAnswers.withhold
    /// Whether it may ask for answers of models.
    public var allowsSampling = false
    /// Of a program that is started here.
    public var limits = ProcessLimits()
    /// Of one call.
    public var timeout: Duration = .seconds(60)
    /// How calls of a tool are undone, by the tool's name.
    public var undo: [String: UndoRule] = [:]

    public init(name: String, reach: Reach) {
        self.name = name
        self.reach = reach
        clearance = Self.usualClearance(reach)
    }

    /// A program on this machine may have what people's data a session has seen, or it could not be used any more after
    /// the first address that it reads out itself. What is elsewhere may not, nor may either have secrets.
    private static func usualClearance(_ reach: Reach) -> Set<Label> {
        switch reach {
        case .process: [.untrusted, .pii, .phi, .pci]
        case .http: [.untrusted]
        }
    }

    /// What is pinned of how it is reached: the command line or the address. Values of the environment and of headers are
    /// secrets, and only their names count.
    var identity: JSON {
        switch reach {
        case .process(let command, let arguments, let environment, let folder):
            [
                "command": .string(command), "args": .array(arguments.map { .string($0) }),
                "env": .array(environment.keys.sorted().map { .string($0) }),
                "cwd": folder.map { .string($0) } ?? .null,
            ]
        case .http(let url, let headers):
            ["url": .string(url), "headers": .array(headers.keys.map { $0.lowercased() }.sorted().map { .string($0) })]
        }
    }

    /// The effect that configuration gives a tool; nil where it says nothing.
    func effect(of tool: String) -> Effect? {
        effects.filter { $0.key.matches(tool) }.max { $0.key.weight < $1.key.weight }?.value
    }
}

extension UpstreamSettings {
    /// - Throws: `invalid`, with the place.
    /// - Parameter limits: where it says nothing of its own.
    init(_ name: String, _ node: ConfigNode, limits: ProcessLimits) throws {
        guard Self.isName(name) else {
            throw node.error(
                "\"\(name)\" cannot be the name of a server",
                hint: "take up to 32 letters, digits, - and single _, beginning with a letter")
        }
        self.init(name: name, reach: try Self.reach(node))
        for (pattern, effect) in node.map("effects") {
            guard let effect = effect.string.flatMap(Effect.init(rawValue:)) else { continue }
            effects[NamePattern(pattern)] = effect
        }
        if node["clearance"] != nil { clearance = Set(try node.strings("clearance").map { Label($0) }) }
        if let node = node["oauth"] {
            guard case .http(_, let headers) = reach,
                !headers.keys.contains(where: { $0.lowercased() == "authorization" })
            else { throw node.error("oauth is for servers at a url that are given no auth") }
            oauth = try OAuthSettings(node)
        }
        self.limits = limits
        if let own = node["limits"] {
            guard case .process = reach else { throw own.error("limits are for programs that are started here") }
            try self.limits.take(own)
        }
        poisonedAnswers = try node.choice("poisoned_answers")
        allowsSampling = try node.bool("sampling")
        timeout = try node.duration("timeout")
        for (tool, rule) in node.map("undo") { undo[tool] = try UndoRule(rule) }
    }

    private static func reach(_ node: ConfigNode) throws -> Reach {
        let (command, url) = (try node.optionalString("command"), try node.optionalString("url"))
        if let command, url == nil {
            return .process(
                command: command, arguments: try node.strings("args"), environment: try secrets(node, "env"),
                folder: try node.optionalString("cwd"))
        }
        guard let url, command == nil else {
            throw node.error(
                "a server has either a command or a url",
                hint: "command is for programs that run here, url for the rest")
        }
        var headers = try secrets(node, "headers")
        if let token = try node.optionalSecret("auth") {
            headers["Authorization"] = Secret("Bearer \(token.expose())")
        }
        return .http(url: url, headers: headers)
    }

    private static func secrets(_ node: ConfigNode, _ key: String) throws -> [String: Secret] {
        var secrets: [String: Secret] = [:]
        for (name, value) in node.map(key) { secrets[name] = value.secret }
        return secrets
    }

    /// Two underscores in a row part server and tool in a public name.
    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (1...32).contains(name.utf8.count), !name.contains("__") else {
            return false
        }
        let isLetter = { (byte: UInt8) in (0x61...0x7a).contains(byte | 0x20) }
        return isLetter(first) && name.last != "_"
            && name.utf8.allSatisfy {
                isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }
}
