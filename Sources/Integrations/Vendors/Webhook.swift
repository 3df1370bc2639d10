import Core
import JSON

/// A request to a system of one's own: the notice as JSON, signed where there is a key. What comes twice has the same `id`.
struct Webhook: Integration {
    static let id = "integrations.webhook"

    let url: String
    var signingKey: Secret?
    var headers: [String: Secret] = [:]

    let dedupe = Deduplication.id

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        var body: JSON = ["version": 1, "id": .string(sending.id)]
        for (key, value) in notice.json.object ?? [:] { body[key] = value }
        var request = OutboundRequest(.post, url, body: body)
        request.headers = [.init("x-gatehouse-delivery", sending.id)]
        request.secretHeaders = headers.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        request.signingKey = signingKey
        return [.request(request)]
    }
}
