import Core
import Gate
import JSON

/// The house's own tools as clients of MCP see them.
struct OwnTool: Sendable {
    let descriptor: ToolDescriptor
    let publicName: String

    init(_ descriptor: ToolDescriptor) {
        self.descriptor = descriptor
        publicName = PublicName.make(own: descriptor.id)
    }

    /// What carries more than arguments, or goes to a server, has a way of its own.
    static func all(of registry: ToolRegistry) -> [OwnTool] {
        registry.descriptors.filter { !notOffered.contains($0.id) }.map(OwnTool.init)
    }

    func isOffered(by settings: FederationSettings) -> Bool { settings.offer.contains { $0.matches(descriptor.id) } }

    private static let notOffered: Set<String> = [
        CallTool.id, ReadTool.id, PromptTool.id, CompleteTool.id, AuthorizeTool.id, "models.call",
    ]

    var definition: JSON {
        [
            "name": .string(publicName), "title": .string(descriptor.title),
            "description": .string(descriptor.summary), "inputSchema": descriptor.arguments,
            "annotations": [
                "readOnlyHint": .bool(descriptor.effect == .read),
                "destructiveHint": .bool(descriptor.effect == .destroy),
                "idempotentHint": .bool(descriptor.effect == .read), "openWorldHint": .bool(descriptor.sendsOutside),
            ],
        ]
    }

    /// What it acts upon is among its arguments, if anywhere.
    func request(_ arguments: JSON) -> ActionRequest {
        let named = (arguments["path"] ?? arguments["url"])?.string.map { "repo:\($0)" }
        return ActionRequest(
            tool: descriptor.id, target: named ?? arguments["target"]?.string ?? "house", arguments: arguments)
    }
}
