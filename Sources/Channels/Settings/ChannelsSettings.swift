public import Config
import Core

/// The section `channels` of the configuration: by which chat channels people speak with the house, and who they are.
public struct ChannelsSettings: Sendable {
    /// By name.
    var channels: [String: ChannelSettings] = [:]
    /// Tries of one message, before it is a dead letter.
    var attempts = 8
    /// Before the second try; doubled for each one after that.
    var firstPause = Duration.seconds(2)
    var longestPause = Duration.seconds(300)
    /// How long what was taken and told is remembered.
    var keep = Duration.seconds(30 * 86_400)

    public init() {}

    /// - Parameter root: of a file that was read with ``field`` among its sections.
    /// - Throws: `invalid`, with the place.
    public init(_ root: ConfigNode) throws {
        for (name, node) in root.map("channels") { channels[name] = try ChannelSettings(name, node) }
        for (name, node) in root.map("channels") {
            guard let confirm = channels[name]?.phone?.confirm, channels[confirm]?.canAsk != true else { continue }
            throw (node["confirm"] ?? node).error(
                "nobody can be asked for a yes in \(confirm)",
                hint: "name a channel of kind slack, or one of kind teams or webhook that has an address")
        }
    }

    /// By which names channels are known, in order.
    public var names: [String] { channels.keys.sorted() }
}

/// One channel.
struct ChannelSettings: Sendable {
    let name: String
    let kind: ChannelKind
    /// Principals of the house, by ids of the channel's.
    let users: [String: String]
    /// What requests are signed with: of Teams, the security token.
    let secret: Secret
    /// Slack: the bot's.
    var token: Secret?
    /// Slack: where that is told which nobody asked for.
    var room: String?
    /// Slack and Twilio: of its API. Of the others: where that is sent which is no answer. May be secret.
    var url: Secret?
    /// Looked up before anything is sent; nil for the operator's own.
    var checkedHost: String?
    /// Whether approvals that wait are told.
    var approvals = false
    /// From which severity on incidents are told.
    var tellsFrom = Severity.medium
    /// Whom a severity calls, in the channel's own spelling.
    var wake: [Severity: String] = [:]
    /// Twilio: what else calls need.
    var phone: PhoneSettings?

    /// Whether there is a place for what nobody asked for.
    var canTell: Bool {
        switch kind {
        case .slack: room != nil
        case .teams, .webhook: url != nil
        case .twilio: false
        }
    }

    /// Whether somebody can be asked there who says nothing.
    var canAsk: Bool { kind == .slack || canTell }

    func shape(console: String?) -> any ChannelShape {
        switch kind {
        case .slack: SlackShape(console: console)
        case .teams: TeamsShape(console: console)
        case .webhook, .twilio: GenericShape()
        }
    }
}
