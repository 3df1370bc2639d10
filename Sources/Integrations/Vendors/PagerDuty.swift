import Core
import JSON
import Web

/// PagerDuty's Events API v2 (developer.pagerduty.com: "Events API v2", "Send an alert event", "PD-CEF").
///
/// The dedupe key is the event's `dedup_key`: PagerDuty makes one alert of all that share it, and resolves that.
struct PagerDuty: Integration {
    static let id = "integrations.pagerduty"
    static let standardURL = "https://events.pagerduty.com"

    /// "PD-CEF": the summary's bound.
    private static let summary = 1024
    /// Keeps an event within the 512 KB that one may have.
    private static let text = 20_000

    var url = standardURL
    let routingKey: Secret
    /// What the event is about, as PagerDuty calls it.
    var source = "gatehouse"

    let dedupe = Deduplication.vendor

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        var body: JSON = ["event_action": .string(Self.action(notice.state)), "dedup_key": .string(notice.dedupeKey)]
        if notice.state == .open {
            body["payload"] = payload(notice)
            body["client"] = "Gatehouse"
            if let link = notice.link {
                body["client_url"] = .string(link)
                body["links"] = [["href": .string(link), "text": "Details"]]
            }
        }
        var request = OutboundRequest(.post, "\(url)/v2/enqueue", body: body)
        request.secretMembers = ["routing_key": routingKey]
        return [.request(request)]
    }

    private func payload(_ notice: Notice) -> JSON {
        var payload: JSON = [
            "summary": .string(PlainText.cut(notice.title, to: Self.summary)), "source": .string(source),
            "severity": .string(Self.severity(notice.severity)), "class": .string(notice.kind.rawValue),
            "custom_details": ["text": .string(PlainText.cut(notice.text, to: Self.text)), "facts": notice.facts],
        ]
        if let time = notice.time { payload["timestamp"] = .string(time.description) }
        return payload
    }

    /// The answer names the key that the event went to.
    func verdict(on answer: HTTPAnswer) -> Verdict {
        Verdict(answer, item: answer.json?["dedup_key"]?.string.map { RemoteItem(id: $0) })
    }

    private static func action(_ state: Notice.State) -> String {
        switch state {
        case .open: "trigger"
        case .acknowledged: "acknowledge"
        case .resolved: "resolve"
        }
    }

    private static func severity(_ severity: Severity) -> String {
        switch severity {
        case .critical: "critical"
        case .high: "error"
        case .medium: "warning"
        case .low, .info: "info"
        }
    }
}

extension Notice {
    /// The notice that what this one tells about is over; nil where this one says so itself.
    var resolved: Notice? {
        guard state != .resolved else { return nil }
        var over = self
        over.state = .resolved
        return over
    }
}
