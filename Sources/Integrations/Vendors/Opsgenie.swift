import Core
import JSON
import Web

/// Opsgenie's Alert API (docs.opsgenie.com: "Alert API", "Create Alert", "Acknowledge Alert", "Close Alert").
///
/// The dedupe key is the alert's `alias`: an open alert with the same one is counted up instead of made anew.
struct Opsgenie: Integration {
    static let id = "integrations.opsgenie"
    static let standardURL = "https://api.opsgenie.com"

    /// "Alerts and Alert Fields": bounds in characters.
    private static let (message, description, note, tag, allDetails) = (130, 15_000, 25_000, 50, 8_000)

    var url = standardURL
    let key: Secret
    /// Names of teams that are told.
    var teams: [String] = []
    var tags: [String] = []

    let dedupe = Deduplication.vendor

    func undoing(_ notice: Notice) -> Notice? { notice.resolved }

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        let alias = Percent.encode(notice.dedupeKey)
        var request: OutboundRequest
        switch notice.state {
        case .open: request = OutboundRequest(.post, "\(url)/v2/alerts", body: alert(notice))
        case .acknowledged: request = act("acknowledge", alias, notice)
        case .resolved: request = act("close", alias, notice)
        }
        request.secretHeaders = [.init("authorization", Secret("GenieKey \(key.expose())"))]
        return [.request(request)]
    }

    private func act(_ what: String, _ alias: String, _ notice: Notice) -> OutboundRequest {
        OutboundRequest(
            .post, "\(url)/v2/alerts/\(alias)/\(what)?identifierType=alias",
            body: [
                "source": "Gatehouse",
                "note": .string(PlainText.cut("\(notice.title)\n\n\(notice.text)", to: Self.note)),
            ])
    }

    private func alert(_ notice: Notice) -> JSON {
        let link = notice.link.map { "\n\n\($0)" } ?? ""
        let text = PlainText.cut(notice.text, to: Self.description - link.unicodeScalars.count) + link
        var alert: JSON = [
            "message": .string(PlainText.cut(notice.title, to: Self.message)), "alias": .string(notice.dedupeKey),
            "description": .string(text), "details": Self.details(of: notice.facts), "source": "Gatehouse",
            "priority": .string(Self.priority(notice.severity)),
        ]
        let tags = [notice.kind.rawValue] + tags
        alert["tags"] = .array(tags.prefix(20).map { .string(PlainText.cut($0, to: Self.tag)) })
        if !teams.isEmpty {
            alert["responders"] = .array(teams.map { ["type": "team", "name": .string($0)] })
        }
        return alert
    }

    /// Texts only, as many of the members as there is room for.
    private static func details(of facts: JSON) -> JSON {
        var details = JSONObject()
        var room = allDetails
        for (key, value) in facts.object ?? [:] {
            let text = value.string ?? value.text()
            room -= key.unicodeScalars.count + text.unicodeScalars.count
            guard room >= 0 else { break }
            details[key] = .string(text)
        }
        return .object(details)
    }

    private static func priority(_ severity: Severity) -> String {
        switch severity {
        case .critical: "P1"
        case .high: "P2"
        case .medium: "P3"
        case .low: "P4"
        case .info: "P5"
        }
    }
}
