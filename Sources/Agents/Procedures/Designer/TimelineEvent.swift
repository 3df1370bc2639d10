import Core
import JSON

/// Something that happened, and when.
struct TimelineEvent: Sendable {
    static let most = 500

    let time: Timestamp
    let what: String
    let who: String?
    let source: String?

    init(_ time: Timestamp, _ what: String, who: String? = nil, source: String? = nil) {
        (self.time, self.what, self.who, self.source) = (
            time, what.cut(to: 600), who?.cut(to: 200), source?.cut(to: 200)
        )
    }

    /// Nil where it says neither what nor when in a form that can be read.
    init?(_ json: JSON) {
        guard let what = json["what"]?.string, let time = json["time"]?.string.flatMap(Self.time) else { return nil }
        self.init(time, what, who: json["who"]?.string, source: json["source"]?.string)
    }

    /// RFC 3339, or a date alone, which is its beginning in UTC.
    static func time(_ text: String) -> Timestamp? { Timestamp(text) ?? Timestamp("\(text)T00:00:00Z") }

    /// `2026-06-10 09:30:00`
    var shownTime: String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    var json: JSON {
        var json: JSON = ["time": .string(time.description), "what": .string(what)]
        if let who { json["who"] = .string(who) }
        if let source { json["source"] = .string(source) }
        return json
    }

    /// What findings that are high or worse, or exploited, say of when they came.
    static func events(of findings: [FindingBrief]) -> [TimelineEvent] {
        findings.filter { $0.severity >= .high || $0.package?.exploitedSince != nil }.flatMap { finding in
            var events: [TimelineEvent] = []
            if let time = finding.firstSeen.flatMap(time) {
                events.append(
                    TimelineEvent(time, "first seen: \(finding.title) in \(finding.place)", source: finding.source))
            }
            if let time = finding.package?.exploitedSince.flatMap(time) {
                events.append(
                    TimelineEvent(
                        time, "\(finding.rule) is listed as exploited", source: "CISA Known Exploited Vulnerabilities"))
            }
            return events
        }
    }

    /// In the order of time; what happened at once stays as it was.
    static func ordered(_ events: [TimelineEvent]) -> [TimelineEvent] {
        events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
