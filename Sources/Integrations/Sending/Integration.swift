import Core

/// One kind of system that can be told something: pure functions from a notice and settings to what is sent, and from
/// what is answered to what that means. What sends, keeps and tries again is the same for all.
protocol Integration: Sendable {
    /// Namespaced: `integrations.pagerduty`.
    static var id: String { get }

    /// What keeps a notice from arriving twice when it is sent twice.
    var dedupe: Deduplication { get }

    /// The notice that takes this one back; nil where the system cannot.
    func undoing(_ notice: Notice) -> Notice?

    /// Asks for what there is already about the notice's dedupe key.
    func lookUp(_ notice: Notice) -> OutboundRequest?

    /// Whether a look-up may not see yet what was made a moment ago: what is remembered here counts then, too.
    var lookUpLags: Bool { get }

    /// What a look-up that succeeded found; nil for nothing.
    /// - Throws: `unavailable` where the answer makes no sense.
    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem?

    /// All that is sent for a notice, in order. Of a list that broke off, what was delivered is not sent again: what comes
    /// later may change what the next look-up finds, and may not change what comes before it here.
    /// - Throws: `invalid` for a notice that this kind cannot tell.
    func messages(for notice: Notice, _ sending: Sending) throws(GatehouseError) -> [Outbound]

    /// What an answer to one of ``messages(for:_:)`` means.
    func verdict(on answer: HTTPAnswer) -> Verdict
}

extension Integration {
    func undoing(_ notice: Notice) -> Notice? { nil }
    func lookUp(_ notice: Notice) -> OutboundRequest? { nil }
    var lookUpLags: Bool { false }
    func found(in answer: HTTPAnswer) throws(GatehouseError) -> RemoteItem? { nil }
    func verdict(on answer: HTTPAnswer) -> Verdict { Verdict(answer) }
}

/// Sends are delivered at least once; this says what becomes of a second arrival.
enum Deduplication: String, Sendable, Hashable, CaseIterable {
    /// The system knows the notice's key and makes one of both.
    case vendor
    /// It is asked first what it has already.
    case lookUp = "look_up"
    /// Both arrive, with the same id, by which a receiver can tell.
    case id
}

/// What is known of a send when its messages are made.
struct Sending: Sendable, Hashable {
    /// `snd_…`
    var id: String
    /// What is there already about the same dedupe key.
    var item: RemoteItem?
}

/// An issue, an alert or a request for changes in another system.
struct RemoteItem: Sendable, Hashable {
    var id: String
    var link: String?
    var isOpen = true
    /// The send that made it, where it says so.
    var origin: String?
}

/// What became of one message.
enum Verdict: Sendable, Hashable {
    case delivered(RemoteItem?)
    /// It may be taken later.
    case tryAgain(why: String, after: Duration? = nil)
    /// It will never be taken.
    case refused(why: String)
}
