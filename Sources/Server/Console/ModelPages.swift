import Core
import Gate
import HTTPTypes
import HummingbirdCore

/// What was asked of models, what it cost and what was kept back, never what was said.
struct ModelPages: Sendable {
    let page: Page
    let rooms: Rooms
    let reader: ModelTrafficReader

    var routes: [Route] { [Route(.get, "/models", access: .console, handler: show)] }

    private func show(_ call: Call) async throws -> Response {
        try rooms.demand(Rooms.watchers, of: call, to: "see all calls to models")
        let now = rooms.clock.now()
        let traffic = try reader.traffic()
        let names = try await Names(rooms)
        let sums = traffic.sums(at: now)
        let all = sums.reduce(ModelTraffic.Sum(), +)
        let kept = traffic.keptBack(at: now)
        let latest = traffic.latest
        let values: Shown.Values = [
            "calls": ["count": Shown.number(all.calls), "note": "\(Shown.number(all.failed)) failed or denied"],
            "spent": ["count": Shown.money(all.cost), "note": "by the providers' prices"],
            "tokens": ["count": Shown.number(all.tokens), "note": "in and out"],
            "kept": [
                "count": Shown.number(kept.reduce(0) { $0 + $1.count }), "note": "values did not pass as they were",
            ],
            "hours": Self.chart(sums), "models": Self.models(traffic.models(at: now)), "kinds": Self.kinds(kept),
            "latest": ["any": !latest.isEmpty, "rows": latest.map { Self.row($0, names, now) }],
            "budgets": Shown.budgets(rooms.gate.budgets.standing(), at: now),
        ]
        return try page.response(
            "models", title: "Models", place: "/models", call: call, waiting: try await rooms.waitingCount(),
            values: values)
    }

    private static func row(_ call: ModelTraffic.Call, _ names: Names, _ now: Timestamp) -> Shown.Values {
        var row: Shown.Values = [
            "index": "\(call.index)", "model": call.model ?? "none", "surface": call.surface,
            "by": names[call.principal],
            "tokens": "\(Shown.number(call.input)) → \(Shown.number(call.output))",
            "cost": cost(call.cost, call.input + call.output),
            "took": "\(Shown.number(call.milliseconds)) ms", "state": Shown.stateChip(call.state),
            "when": Shown.time(call.time, at: now),
            "kept": call.keptBack.sorted { $0.key < $1.key }.map { ["kind": $0.key, "count": Shown.number($0.value)] },
        ]
        if let error = call.error { row["error"] = error }
        return row
    }

    /// Of a model without a price nobody knows what was spent.
    private static func cost(_ millionths: Int64, _ tokens: Int) -> String {
        millionths == 0 && tokens > 0 ? "—" : Shown.cost(millionths)
    }

    private static func models(_ models: [(model: String, sum: ModelTraffic.Sum)]) -> [Shown.Values] {
        let most = max(1, models.map(\.sum.calls).max() ?? 0)
        return models.prefix(12).map { model, sum in
            [
                "name": model.isEmpty ? "denied before one was chosen" : model, "cost": cost(sum.cost, sum.tokens),
                "calls": Shown.count(sum.calls, "call", "calls"), "tokens": Shown.count(sum.tokens, "token", "tokens"),
                "share": max(1.5, Double(sum.calls) / Double(most) * 100),
            ]
        }
    }

    private static func kinds(_ kept: [(kind: String, count: Int)]) -> [Shown.Values] {
        let most = max(1, kept.first?.count ?? 0)
        return kept.prefix(12).map { kind, count in
            ["kind": kind, "count": Shown.number(count), "share": max(1.5, Double(count) / Double(most) * 100)]
        }
    }

    /// A bar for each hour, in a picture of 240 by 60; what failed stands in its own colour at the foot.
    private static func chart(_ sums: [ModelTraffic.Sum]) -> Shown.Values {
        let most = max(1, sums.map(\.calls).max() ?? 0)
        let bars = sums.enumerated().map { place, sum -> Shown.Values in
            let height = sum.calls == 0 ? 0 : max(1, Double(sum.calls) / Double(most) * 56)
            let failed = Double(sum.failed) / Double(most) * 56
            let ago = sums.count - 1 - place
            let title = "\(Shown.count(sum.calls, "call", "calls")), \(Shown.cost(sum.cost)), "
            return [
                "x": place * 10 + 1, "y": 60 - height, "height": height, "failedY": 60 - failed, "failed": failed,
                "title": title + (ago == 0 ? "this hour" : "\(ago) h ago"),
            ]
        }
        return ["bars": bars, "most": Shown.count(most, "call", "calls"), "any": sums.contains { $0.calls > 0 }]
    }
}
