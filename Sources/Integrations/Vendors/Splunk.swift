import Core
import JSON

/// Splunk's HTTP Event Collector (help.splunk.com: "Format events for HTTP Event Collector", "HTTP Event Collector REST
/// API endpoints"). An event that comes twice has the same `send`.
struct Splunk: Integration {
    static let id = "integrations.splunk"

    /// With the port, as `https://splunk.example.org:8088`.
    let url: String
    let token: Secret
    var index: String?
    var source = "gatehouse"
    var sourceType = "gatehouse:notice"

    let dedupe = Deduplication.id

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        var event = notice.json
        event["send"] = .string(sending.id)
        var body: JSON = [
            "source": .string(source), "sourcetype": .string(sourceType), "event": event,
            "fields": [
                "severity": .string(notice.severity.rawValue), "kind": .string(notice.kind.rawValue),
                "dedupe_key": .string(notice.dedupeKey),
            ],
        ]
        if let index { body["index"] = .string(index) }
        if let time = notice.time { body["time"] = .string(Self.epoch(time)) }
        var request = OutboundRequest(.post, "\(url)/services/collector/event", body: body)
        request.secretHeaders = [.init("authorization", Secret("Splunk \(token.expose())"))]
        return [.request(request)]
    }

    /// Seconds with their thousandths.
    private static func epoch(_ time: Timestamp) -> String {
        var out: [UInt8] = []
        out.appendDecimal(Int(time.seconds))
        out.append(UInt8(ascii: "."))
        out.appendDecimal(Int(time.microseconds - time.seconds * 1_000_000) / 1000, width: 3)
        return String(decoding: out, as: UTF8.self)
    }

    /// A collector that is shutting down or has no room answers with a status that says try again, except by code 9 and
    /// 26: its queue is full.
    func verdict(on answer: HTTPAnswer) -> Verdict {
        if let code = answer.json?["code"]?.int, code == 9 || code == 26 {
            return .tryAgain(why: answer.reason, after: answer.retryAfter)
        }
        return Verdict(answer)
    }
}
