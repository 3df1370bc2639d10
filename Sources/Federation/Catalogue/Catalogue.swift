import Core
import JSON

/// All that the servers offer, and where each item stands: made anew whenever a server's list, a pin or a setting changes.
public struct Catalogue: Sendable {
    /// By public name, in its order; so are the others.
    public let tools: [CatalogueItem]
    public let prompts: [CatalogueItem]
    /// One for each server that has any.
    public let resources: [CatalogueItem]
    /// What can be read, by server.
    let readable: [String: ReadableList]
    private let byName: [ItemKind: [String: CatalogueItem]]
    private let byKey: [Pin.Key: CatalogueItem]
    /// Goes up with each change.
    let revision: Int

    static let empty = Catalogue([], readable: [:], revision: 0)

    init(_ items: [CatalogueItem], readable: [String: ReadableList], revision: Int) {
        let sorted = items.sorted { $0.publicName < $1.publicName }
        tools = sorted.filter { $0.kind == .tool }
        prompts = sorted.filter { $0.kind == .prompt }
        resources = sorted.filter { $0.kind == .resources }
        self.readable = readable
        self.revision = revision
        byName = Dictionary(grouping: sorted, by: \.kind).mapValues { items in
            Dictionary(items.map { ($0.publicName, $0) }, uniquingKeysWith: { first, _ in first })
        }
        byKey = Dictionary(sorted.map { ($0.definition.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Tools, prompts and resources.
    public var items: [CatalogueItem] { tools + prompts + resources }

    /// A tool by its public name.
    public subscript(publicName: String) -> CatalogueItem? { byName[.tool]?[publicName] }

    subscript(prompt publicName: String) -> CatalogueItem? { byName[.prompt]?[publicName] }

    public subscript(server: String, tool: String) -> CatalogueItem? {
        byKey[Pin.Key(kind: .tool, server: server, name: tool)]
    }

    public subscript(key: Pin.Key) -> CatalogueItem? { byKey[key] }

    /// - Throws: `not_found` with the nearest name, `denied` for what is quarantined.
    func usable(_ key: Pin.Key) throws(GatehouseError) -> CatalogueItem {
        guard let found = self[key] else { throw unknown(key) }
        if let objection = found.standing.objection {
            throw GatehouseError(
                "mcp", .denied, "\(key.text) is quarantined: \(objection)",
                hint: "somebody has to look at it: gatehouse mcp approve \(key.server)")
        }
        return found
    }

    private func unknown(_ key: Pin.Key) -> GatehouseError {
        guard key.kind != .resources else {
            return GatehouseError("mcp", .notFound, "\(key.server) has nothing that can be read")
        }
        let nearest = Suggestion.nearest(
            to: key.name,
            among: items.lazy.filter {
                $0.kind == key.kind && $0.server == key.server && $0.standing == .approved
            }.map(\.name))
        return GatehouseError(
            "mcp", .notFound, "\(key.server) has no \(key.kind.rawValue) \"\(key.name.prefix(80))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" } ?? "list the \(key.kind.rawValue)s that there are")
    }
}
