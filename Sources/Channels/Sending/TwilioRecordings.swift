import Core
import Integrations

/// Recordings as Twilio keeps them (twilio.com, "Recordings resource"). Where they lie is put together from ids that were
/// looked at: an address in a request leads nowhere.
struct TwilioRecordings: Sendable {
    /// What is asked for.
    static let mediaType = "audio/mpeg"
    private static let timeout = Duration.seconds(10)

    let http: HTTPSender
    let channel: ChannelSettings

    /// - Throws: `unavailable` where it may be there later, as right after it was made; `tooLarge`, `denied`.
    func sound(_ id: String) async throws(GatehouseError) -> [UInt8] {
        let answer = try await send(.get, "\(id).mp3", within: Self.timeout)
        switch answer.status {
        case 200...299:
            guard !answer.isCut, !answer.body.isEmpty else {
                throw GatehouseError(
                    "channels", .tooLarge, "the recording is too long, or it broke off", hint: "say it in fewer words")
            }
            return answer.body
        case 404, 408, 425, 429, 500...599:
            throw GatehouseError(
                "channels", .unavailable, "Twilio does not have the recording: \(answer.reason)",
                retryAfter: answer.retryAfter)
        default:
            throw GatehouseError(
                "channels", .denied, "Twilio does not give the recording: \(answer.reason)",
                hint: "look at account, auth_token and api of the channel")
        }
    }

    /// - Throws: where it is not sure that it is gone.
    func remove(_ id: String) async throws(GatehouseError) {
        let answer = try await send(.delete, "\(id).json", within: .seconds(3))
        guard (200...299).contains(answer.status) || answer.status == 404 else {
            throw GatehouseError("channels", .unavailable, "the recording was not removed: \(answer.reason)")
        }
    }

    private func send(
        _ method: OutboundRequest.Method, _ name: String, within time: Duration
    ) async throws(GatehouseError) -> HTTPAnswer {
        guard let api = channel.url?.expose(), let account = channel.phone?.account else {
            throw GatehouseError("channels", .internal, "the channel \(channel.name) is none of calls")
        }
        var request = OutboundRequest(method, "\(api)/2010-04-01/Accounts/\(account)/Recordings/\(name)")
        let pair = Array("\(account):\(channel.secret.expose())".utf8)
        request.secretHeaders = [.init("authorization", Secret("Basic \(Base64.encode(pair))"))]
        do {
            if let host = channel.checkedHost { try await AddressGuard.check(host) }
            return try await http.send(request, within: time)
        } catch {
            // Another room's "unavailable" would be an answer: this one is tried again.
            throw GatehouseError("channels", error.code, error.message, hint: error.hint, retryAfter: error.retryAfter)
        }
    }
}
