import Core

/// Carries one send to its destination, once: looks up what is there, and sends what is still to be sent.
struct Courier: Sendable {
    /// What becomes of a send.
    enum Result: Sendable, Hashable {
        case delivered(RemoteItem?)
        case tryAgain(why: String, after: Duration?)
        case refused(why: String)
        /// What was known of a remote item is wrong: it is gone.
        case gone(why: String)
    }

    let http: HTTPSender
    let mail: SMTPClient

    /// - Parameters:
    ///   - known: what an earlier send on the same key made.
    ///   - delivered: called after each message that arrived, before the next one is sent.
    func carry(
        _ send: KeptSend, to destination: Destination, known: RemoteItem?,
        delivered: (_ steps: Int) async throws -> Void
    ) async -> Result {
        do {
            if let host = destination.checkedHost { try await AddressGuard.check(host) }
            let found = try await lookUp(send.notice, destination)
            let item = found ?? (destination.integration.lookUpLags ? known : nil)
            let messages = try destination.integration.messages(for: send.notice, Sending(id: send.id, item: item))
            var made = item
            for (index, message) in messages.enumerated().dropFirst(send.steps) {
                switch await verdict(on: message, destination) {
                case .delivered(let new):
                    made = made ?? new
                    try await delivered(index + 1)
                case .tryAgain(let why, let after): return .tryAgain(why: destination.scrub(why), after: after)
                case .refused(let why):
                    let why = destination.scrub(why)
                    return found == nil && item != nil && Self.isGone(why) ? .gone(why: why) : .refused(why: why)
                }
            }
            if send.notice.state != .acknowledged { made?.isOpen = send.notice.state == .open }
            return .delivered(made)
        } catch { return Self.result(of: error, destination) }
    }

    private func lookUp(_ notice: Notice, _ destination: Destination) async throws(GatehouseError) -> RemoteItem? {
        guard let request = destination.integration.lookUp(notice) else { return nil }
        let answer = try await http.send(request, within: destination.timeout)
        switch destination.integration.verdict(on: answer) {
        case .delivered: return try destination.integration.found(in: answer)
        case .tryAgain(let why, let after):
            throw GatehouseError("integrations", .unavailable, why, retryAfter: after)
        case .refused(let why): throw GatehouseError("integrations", .denied, why)
        }
    }

    private func verdict(on message: Outbound, _ destination: Destination) async -> Verdict {
        switch message {
        case .mail(let message):
            guard let server = destination.mailServer else { return .refused(why: "there is no mail server") }
            return await mail.send(message, to: server, within: destination.timeout)
        case .request(let request):
            do throws(GatehouseError) {
                return destination.integration.verdict(
                    on: try await http.send(request, within: destination.timeout))
            } catch { return .tryAgain(why: error.message, after: error.retryAfter) }
        }
    }

    private static func result(of error: any Error, _ destination: Destination) -> Result {
        let known = error as? GatehouseError
        let why = destination.scrub(known?.message ?? "an unexpected failure: \(type(of: error))")
        switch known?.code {
        case .invalid, .denied, .tooLarge: return .refused(why: why)
        default: return .tryAgain(why: why, after: known?.retryAfter)
        }
    }

    private static func isGone(_ why: String) -> Bool {
        why.hasPrefix("it answered 404") || why.hasPrefix("it answered 410") || why == SlackAnswer.gone
    }
}
