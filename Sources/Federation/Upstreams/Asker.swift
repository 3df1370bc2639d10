import JSON
import MCP

/// Who can be asked something while a server works on their request.
struct Asker: Sendable, Hashable {
    let principal: String
    /// What their client can be asked for, as far as the server may ask for it.
    let capabilities: ClientCapabilities

    /// As the arguments of an action name what a client can be asked for.
    private static let words: [(word: String, has: @Sendable (ClientCapabilities) -> Bool)] = [
        ("form", \.hasElicitationForm), ("url", \.hasElicitationURL), ("sampling", \.hasSampling),
        ("sampling_tools", \.hasSamplingTools), ("roots", \.hasRoots),
    ]

    /// Nil for a client that can be asked nothing.
    /// - Parameter answersForModels: whether the house does what a model is asked.
    static func words(of capabilities: ClientCapabilities, answersForModels: Bool) -> JSON? {
        let known = words.filter { $0.has(capabilities) || answersForModels && $0.word == "sampling" }
        return known.isEmpty ? nil : .array(known.map { .string($0.word) })
    }

    /// - Parameters:
    ///   - arguments: of the action.
    ///   - sampling: whether the server may ask for a model's answer.
    init(_ arguments: JSON, principal: String, sampling: Bool) {
        guard arguments["client"] != nil else {
            (self.principal, capabilities) = (principal, .none)
            return
        }
        let words = Set(arguments["client"]?.array?.compactMap(\.string) ?? [])
        self.principal = principal
        capabilities = ClientCapabilities(
            elicitationForm: words.contains("form"), elicitationURL: words.contains("url"),
            sampling: sampling && words.contains("sampling"),
            samplingTools: sampling && words.contains("sampling_tools"), roots: words.contains("roots"))
    }

    var canBeAsked: Bool { capabilities.json.object?.isEmpty == false }
}
