import Core
import JSON

/// What a server offered when it was last asked.
struct Listing: Sendable {
    /// Most tools of one server; see ``Federation``.
    static let mostTools = 2000

    var definitions: [Definition] = []
    var suspicions: [Pin.Key: [Suspicion]] = [:]
    /// Tools that were left out, and why.
    var refused: [String] = []

    init() {}

    /// - Parameters:
    ///   - identity: of the server, as configured and as it names itself.
    ///   - tools: as the server sent them.
    init(server: String, identity: JSON, tools: [JSON], scanner: DefinitionScanner) {
        var names: Set<String> = []
        for tool in tools.prefix(Self.mostTools) {
            guard let name = tool["name"]?.string, Self.isName(name) else {
                refused.append("a tool without a name that can be used")
                continue
            }
            guard names.insert(name).inserted else {
                refused.append("\(name): there are two of that name")
                continue
            }
            do { try take(server, identity, name, tool, scanner) } catch { refused.append("\(name): \(error.message)") }
        }
        if tools.count > Self.mostTools { refused.append("all tools after the first \(Self.mostTools)") }
    }

    private mutating func take(
        _ server: String, _ identity: JSON, _ name: String, _ tool: JSON, _ scanner: DefinitionScanner
    ) throws(GatehouseError) {
        let definition = try Definition(server: server, identity: identity, tool: name, tool)
        let found = try scanner.suspicions(in: tool)
        definitions.append(definition)
        if !found.isEmpty { suspicions[Pin.Key(server: server, tool: name)] = found }
    }

    private static func isName(_ name: String) -> Bool { (1...128).contains(name.utf8.count) }
}
