import Core
import Formats
import JSON
import Privacy

/// All tools of all servers, and where each stands: made anew whenever a server's list, a pin or a setting changes.
public struct Catalogue: Sendable {
    /// By public name, in its order.
    public let tools: [CatalogueTool]
    private let places: [String: Int]
    private let byKey: [Pin.Key: Int]
    /// Goes up with each change.
    let revision: Int

    static let empty = Catalogue([], revision: 0)

    init(_ tools: [CatalogueTool], revision: Int) {
        self.tools = tools.sorted { $0.publicName < $1.publicName }
        self.revision = revision
        places = Dictionary(
            self.tools.enumerated().map { ($1.publicName, $0) }, uniquingKeysWith: { first, _ in first })
        byKey = Dictionary(
            self.tools.enumerated().map { (Pin.Key(server: $1.server, tool: $1.tool), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    public subscript(publicName: String) -> CatalogueTool? { places[publicName].map { tools[$0] } }

    public subscript(server: String, tool: String) -> CatalogueTool? {
        byKey[Pin.Key(server: server, tool: tool)].map { tools[$0] }
    }

    /// - Throws: `not_found` with the nearest name, `denied` for what is quarantined.
    func callable(_ server: String, _ tool: String) throws(GatehouseError) -> CatalogueTool {
        guard let found = self[server, tool] else {
            let nearest = Suggestion.nearest(
                to: tool, among: tools.lazy.filter { $0.server == server && $0.standing == .approved }.map(\.tool))
            throw GatehouseError(
                "mcp", .notFound, "\(server) has no tool \"\(tool.prefix(80))\"",
                hint: nearest.map { "did you mean \"\($0)\"?" } ?? "list the tools that there are")
        }
        if let objection = found.standing.objection {
            throw GatehouseError(
                "mcp", .denied, "\(server)/\(found.tool) is quarantined: \(objection)",
                hint: "somebody has to look at it: gatehouse mcp approve \(server)")
        }
        return found
    }
}

/// Compares what servers offer with what was agreed to.
struct Comparison {
    let pins: [Pin.Key: Pin]
    let settings: [String: UpstreamSettings]
    /// By skeleton: the tools that were agreed to.
    private let skeletons: [String: Set<Pin.Key>]
    /// What was agreed to and is offered no more, by what it is beside its name.
    private let gone: [JSON: Pin.Key]

    init(pins: [Pin.Key: Pin], settings: [String: UpstreamSettings], offered: Set<Pin.Key>) {
        self.pins = pins
        self.settings = settings
        skeletons = Dictionary(grouping: pins.keys) { Skeleton.of($0.tool) }.mapValues { Set($0) }
        gone = Dictionary(
            pins.values.filter { !offered.contains($0.key) }.map { ($0.definition.withoutName, $0.key) },
            uniquingKeysWith: { first, _ in first })
    }

    func tool(_ definition: Definition, _ suspicions: [Suspicion]) -> CatalogueTool {
        let key = Pin.Key(server: definition.server, tool: definition.tool)
        let pin = pins[key]
        let effect =
            settings[key.server]?.effect(of: key.tool) ?? pin?.effect
            ?? CatalogueTool.claimedEffect(definition.sent)
        return CatalogueTool(
            publicName: PublicName.make(server: key.server, tool: key.tool), definition: definition,
            standing: standing(definition, key, pin), suspicions: suspicions, effect: effect)
    }

    private func standing(_ definition: Definition, _ key: Pin.Key, _ pin: Pin?) -> Standing {
        if let pin {
            guard pin.definition.hash != definition.hash else { return .approved }
            return .changed(
                diff: UnifiedDiff.between(pin.definition.shown, definition.shown, name: "\(key.server)/\(key.tool)"))
        }
        if let old = gone[definition.withoutName] { return .renamed(from: "\(old.server)/\(old.tool)") }
        let twins = skeletons[Skeleton.of(key.tool)]?.filter { $0.tool != key.tool } ?? []
        if let twin = twins.min(by: { ($0.server, $0.tool) < ($1.server, $1.tool) }) {
            return .lookAlike(of: "\(twin.server)/\(twin.tool)")
        }
        return .new
    }
}
