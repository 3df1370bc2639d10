/// A request to a channel, as the front door hands it on.
public struct ChannelRequest: Sendable {
    /// Of the channel, as the configuration has it.
    public var name: String
    /// What follows the name in the path: `events` and `actions` for Slack, nothing for the others.
    public var tail: String
    /// Of a header, whatever the case of its name.
    public var headers: @Sendable (String) -> String?
    public var body: [UInt8]

    public init(name: String, tail: String, headers: @escaping @Sendable (String) -> String?, body: [UInt8]) {
        (self.name, self.tail, self.headers, self.body) = (name, tail, headers, body)
    }
}

/// What is answered to it.
public struct ChannelAnswer: Sendable, Hashable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    public init(status: Int = 200, contentType: String, body: [UInt8]) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }
}
