import Core
import HTTPTypes
import HummingbirdCore
import Scan

/// How findings come and go, drawn by the server.
struct TrendPages: Sendable {
    let page: Page
    let rooms: Rooms

    /// Of the picture.
    private static let width = 720.0
    private static let height = 160.0

    var routes: [Route] { [Route(.get, "/trends", access: .console, handler: show)] }

    private func show(_ call: Call) async throws -> Response {
        try rooms.demand(FindingRoutes.readers, of: call, to: "see findings")
        let repository = call.query["repository"]
        let trends = try await rooms.findings.trends(repository: repository)
        let values: Shown.Values = [
            "tabs": FindingTabs.values(at: "/trends"),
            "repositories": Choices.of(try await rooms.findings.repositories(), chosen: repository) { $0 },
            "chart": Self.chart(trends.points), "fixing": trends.fixing.map(Self.row),
            "legend": Severity.allCases.reversed().map { Shown.chip($0) },
        ]
        return try page.response(
            "trends", title: "Trends", place: "/findings", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    /// A bar for each assessment, the most severe at its foot.
    private static func chart(_ points: [FindingsTrends.Point]) -> Shown.Values {
        let sums = points.map { $0.open.values.reduce(0, +) }
        let most = max(1, sums.max() ?? 0)
        // A few bars do not fill the picture.
        let step = width / Double(max(points.count, 24))
        let bars = zip(points, sums).enumerated().map { place, bar -> Shown.Values in
            var top = height
            let parts = Severity.allCases.reversed().compactMap { severity -> Shown.Values? in
                let count = bar.0.open[severity] ?? 0
                guard count > 0 else { return nil }
                let part = Double(count) / Double(most) * (height - 4)
                top -= part
                return ["kind": severity.rawValue, "y": top, "height": part]
            }
            let counts = Severity.allCases.reversed().map { "\(bar.0.open[$0] ?? 0) \($0.rawValue)" }
            return [
                "x": Double(place) * step + step * 0.1, "width": step * 0.8, "parts": parts,
                "title": "\(bar.0.time.description.prefix(16)): \(counts.joined(separator: ", "))",
            ]
        }
        return [
            "any": !points.isEmpty, "bars": bars, "most": Shown.number(most), "viewWidth": Int(width),
            "viewHeight": Int(height) + 2, "base": height,
            "first": points.first.map { String($0.time.description.prefix(10)) } ?? "",
            "last": points.last.map { String($0.time.description.prefix(10)) } ?? "",
        ]
    }

    private static func row(_ fixing: FindingsTrends.Fixing) -> Shown.Values {
        let judged = fixing.inTime + fixing.late
        var row: Shown.Values = [
            "severity": Shown.chip(fixing.severity), "open": Shown.number(fixing.open),
            "overdue": Shown.number(fixing.overdue), "isLate": fixing.overdue > 0, "fixed": Shown.number(fixing.fixed),
            "median": fixing.median.map(span) ?? "—", "limit": fixing.limit.map(span) ?? "—",
            "inTime": Shown.number(fixing.inTime), "late": Shown.number(fixing.late), "judged": judged > 0,
        ]
        if judged > 0 { row["share"] = Double(fixing.inTime) / Double(judged) * 100 }
        return row
    }

    private static func span(_ time: Duration) -> String {
        let seconds = time.components.seconds
        return switch seconds {
        case 86_400...: "\(seconds / 86_400) d"
        case 3600...: "\(seconds / 3600) h"
        case 60...: "\(seconds / 60) min"
        default: "\(seconds) s"
        }
    }
}
