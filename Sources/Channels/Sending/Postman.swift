import Core
import Integrations
import JSON

/// Carries one message to its channel, once.
struct Postman: Sendable {
    private static let timeout = Duration.seconds(10)

    let http: HTTPSender

    /// - Parameter thread: what it answers, as the channel calls it.
    func carry(_ post: KeptPost, thread: String?, to channel: ChannelSettings) async -> Delivery {
        do throws(GatehouseError) {
            if let host = channel.checkedHost { try await AddressGuard.check(host) }
            guard let url = channel.url?.expose() else {
                return .refused(why: "the channel has no address that this could be sent to")
            }
            switch channel.kind {
            case .slack:
                guard let token = channel.token else { return .refused(why: "the channel has no token") }
                let request = SlackCall.request(post, thread: thread, api: url, token: token)
                return Delivery(SlackAnswer(try await http.send(request, within: Self.timeout)))
            case .teams:
                let request = OutboundRequest(.post, url, body: post.content)
                return Delivery(try await http.send(request, within: Self.timeout))
            case .twilio: return .refused(why: "nothing can be sent into a call")
            case .webhook:
                var body = post.content
                body["id"] = .string("\(post.name) \(post.revision)")
                var request = OutboundRequest(.post, url, body: body)
                request.signingKey = channel.secret
                return Delivery(try await http.send(request, within: Self.timeout))
            }
        } catch {
            let passes = error.code == .unavailable || error.code == .timeout
            return passes ? .later(why: error.message, after: error.retryAfter) : .refused(why: error.message)
        }
    }
}
