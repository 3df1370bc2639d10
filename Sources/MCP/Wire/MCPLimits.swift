import JSON

/// Bounds on all that comes from a peer. What passes one is refused with an error that names it; nothing grows with
/// what the other side does.
public struct MCPLimits: Sendable, Hashable {
    // MARK: Messages

    /// Bytes of one message, as spelled.
    public var messageBytes = 4 << 20
    /// Arrays and objects of a message within each other.
    public var messageDepth = 64
    /// Values in one message.
    public var messageValues = 200_000
    /// UTF-8 bytes of a request's id or progress token that is a text.
    public var idBytes = 256
    /// UTF-8 bytes of the name of a method, tool or prompt, of a URI and of a cursor.
    public var nameBytes = 4096
    /// UTF-8 bytes of the `requestState` that a client carries for a server.
    public var stateBytes = 64 << 10

    // MARK: Requests

    /// Requests of one session or connection that are being answered.
    public var requestsInFlight = 64
    /// Notifications that one request has sent and its client not yet taken; the oldest give way.
    public var pendingNotifications = 1024
    /// Requests for input at once in one answer.
    public var inputRequests = 16
    /// Times that one call may ask its client for input before it is given up.
    public var inputRounds = 16
    /// How long a client of a session has for one answer to a request for input.
    public var inputWait = Duration.seconds(600)
    /// How long a request may take in all that does not end with the connection that brought it; nil for no bound.
    public var requestTime: Duration? = .seconds(3600)

    // MARK: As a client

    /// Calls of one client that wait for their answers.
    public var callsInFlight = 1024
    /// How long the first request to a server, by which its revision is found out, may take.
    public var probeTime = Duration.seconds(10)
    /// Messages that may come before one answer.
    public var messagesPerAnswer = 100_000
    /// Pages and items of one list.
    public var listPages = 1000
    public var listItems = 20_000
    /// Times that a stream which was cut is taken up again without anything new in it.
    public var resumptions = 5
    /// Bytes kept of what a server's process says on its standard error.
    public var errorTailBytes = 4096

    // MARK: Sessions and streams

    /// Sessions open at once; of all beyond that the one longest unused is closed.
    public var sessions = 10_000
    /// The same for one who asks.
    public var sessionsPerIdentity = 200
    /// After which a session that nobody uses is closed.
    public var sessionIdle = Duration.seconds(1800)
    /// Streams that one session holds open at once, for reading on its own (`GET`) or for one request.
    public var streamsPerSession = 72
    /// Messages that a session's stream keeps for a client that comes back, and their bytes.
    public var storedEvents = 256
    public var storedEventBytes = 256 << 10
    /// `subscriptions/listen` open at once in all.
    public var subscriptions = 10_000
    /// Resources that one subscription or session watches.
    public var watchedResources = 256
    /// How long after silence an open stream sends a comment, so that what lies between does not cut it.
    public var keepAlive = Duration.seconds(15)

    public init() {}

    var json: JSON.Limits {
        JSON.Limits(
            bytes: messageBytes, depth: messageDepth, values: messageValues, stringLength: messageBytes,
            numberLength: 256)
    }
}
