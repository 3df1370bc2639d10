public import Core
import Gate
import JSON

/// A tool of a server behind the gate.
public struct CatalogueTool: Sendable, Hashable {
    public let publicName: String
    public let definition: Definition
    public let standing: Standing
    public let suspicions: [Suspicion]
    /// What a call does: as agreed to, or as it would be.
    public let effect: Effect
    /// How clients see it: as the server sent it, under its public name.
    let offered: JSON

    init(
        publicName: String, definition: Definition, standing: Standing, suspicions: [Suspicion], effect: Effect
    ) {
        self.publicName = publicName
        self.definition = definition
        self.standing = standing
        self.suspicions = suspicions
        self.effect = effect
        var offered = definition.sent
        offered["name"] = .string(publicName)
        self.offered = offered
    }

    public var server: String { definition.server }
    public var tool: String { definition.tool }
    public var target: String { Self.target(server, tool) }

    /// Whether nothing speaks against agreeing to it along with others.
    public var isPlain: Bool {
        switch standing {
        case .approved, .new, .changed: suspicions.isEmpty
        case .lookAlike, .renamed: false
        }
    }

    static func target(_ server: String, _ tool: String) -> String { "mcp:\(server)/\(tool)" }

    /// What the server claims of itself: a person who agrees to the definition agrees to this too. A tool that claims
    /// nothing changes something, with no undo.
    static func claimedEffect(_ tool: JSON) -> Effect {
        let annotations = tool["annotations"]
        if annotations?["readOnlyHint"]?.bool == true { return .read }
        return annotations?["destructiveHint"]?.bool == true ? .destroy : .change
    }
}
