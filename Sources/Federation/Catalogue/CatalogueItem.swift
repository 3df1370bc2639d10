public import Core
import JSON

/// Something that a server behind the gate offers: a tool, a prompt, or all that can be read of it.
public struct CatalogueItem: Sendable, Hashable {
    public let publicName: String
    public let definition: Definition
    public let standing: Standing
    public let suspicions: [Suspicion]
    /// What using it does: as agreed to, or as it would be.
    public let effect: Effect
    /// How clients see it.
    let offered: JSON

    init(_ listed: ListedItem, standing: Standing, effect: Effect) {
        publicName = listed.publicName
        definition = listed.definition
        suspicions = listed.suspicions
        offered = listed.offered
        self.standing = standing
        self.effect = effect
    }

    public var kind: ItemKind { definition.kind }
    public var server: String { definition.server }
    public var name: String { definition.name }
    public var target: String { Self.target(server, name) }

    /// Whether nothing speaks against agreeing to it along with others.
    public var isPlain: Bool {
        switch standing {
        case .approved, .new, .changed: suspicions.isEmpty
        case .lookAlike, .renamed: false
        }
    }

    static func target(_ server: String, _ name: String) -> String { "mcp:\(server)/\(name)" }

    /// What the server claims of itself: a person who agrees to the definition agrees to this too. A tool that claims
    /// nothing changes something, with no undo.
    static func claimedEffect(_ tool: JSON) -> Effect {
        let annotations = tool["annotations"]
        if annotations?["readOnlyHint"]?.bool == true { return .read }
        return annotations?["destructiveHint"]?.bool == true ? .destroy : .change
    }
}
