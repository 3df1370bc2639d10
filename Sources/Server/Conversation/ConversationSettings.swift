import Config
import JSON

/// The section `conversation`.
public struct ConversationSettings: Sendable, Hashable {
    /// The model that writes down what is spoken, as people write it.
    public var transcribes: String?

    public init() {}

    init(_ node: ConfigNode) throws { transcribes = try node.optionalString("transcribes") }

    static let schema = Field(
        "conversation",
        .object([
            Field(
                "transcribes", .string,
                "The model that writes down what is spoken. Without it nothing spoken is heard.",
                example: "openai/whisper-1")
        ]), "How people talk with the house.", default: [:])
}
