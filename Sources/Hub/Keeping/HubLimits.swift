/// Bounds on conversations.
enum HubLimits {
    /// Of one conversation, both sides'.
    static let messages = 200
    /// Bytes of one message.
    static let message = 4096
    /// Of one principal; with one more, the one that was idle longest goes.
    static let conversations = 100
    /// How long a conversation is kept after its last message.
    static let age = Duration.seconds(30 * 86_400)
    /// Texts of one conversation that wait for their turn.
    static let queue = 8
    /// What was interrupted is taken up again within this time, and no later.
    static let resumption = Duration.seconds(600)
    /// Names that inventory may bring.
    static let names = 20_000
}
