import Core
import JSON

/// Datadog's logs intake, version 2 (docs.datadoghq.com: "Logs", "Send logs"). A log that comes twice has the same `send`.
struct Datadog: Integration {
    static let id = "integrations.datadog"
    static let standardURL = "https://http-intake.logs.datadoghq.com"

    var url = standardURL
    let key: Secret
    var service = "gatehouse"
    var tags: [String] = []

    let dedupe = Deduplication.id

    func messages(for notice: Notice, _ sending: Sending) -> [Outbound] {
        let tags = ["kind:\(notice.kind.rawValue)", "severity:\(notice.severity.rawValue)"] + tags
        var log: JSON = [
            "ddsource": "gatehouse", "ddtags": .string(tags.joined(separator: ",")), "service": .string(service),
            "status": .string(Self.status(notice.severity)), "message": .string(notice.title), "notice": notice.json,
            "send": .string(sending.id),
        ]
        if let time = notice.time { log["timestamp"] = .string(time.description) }
        var request = OutboundRequest(.post, "\(url)/api/v2/logs", body: [log])
        request.secretHeaders = [.init("dd-api-key", key)]
        return [.request(request)]
    }

    /// Levels of syslog, which its log status is.
    private static func status(_ severity: Severity) -> String {
        switch severity {
        case .critical: "critical"
        case .high: "error"
        case .medium: "warning"
        case .low: "notice"
        case .info: "info"
        }
    }
}
