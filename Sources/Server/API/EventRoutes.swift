import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// What the gate sees happen, live.
struct EventRoutes: Sendable {
    let rooms: Rooms

    var routes: [Route] {
        [Route(.get, "/api/v1/events", access: .principal, unhurried: true, operation: operation, handler: events)]
    }

    private func events(_ call: Call) throws -> Response {
        let all = try rooms.mayWatch(call)
        let own = try call.principal().id
        let gate = rooms.gate
        return try EventStream.response(level: rooms.metrics.streams, limit: rooms.limits.streams, endsOnShutdown: true)
        { send in
            for await batch in gate.events.subscribe() {
                if batch.dropped > 0 {
                    send(EventStream.Message(name: "dropped", data: ["count": .number(JSONNumber(batch.dropped))]))
                }
                for event in batch.events where all || event.principalID == own {
                    send(EventStream.Message(name: event.kind.rawValue, data: event.json))
                }
            }
        }
    }

    private var operation: Operation {
        Operation(
            "watchEvents", "events",
            "Events as they happen, named by their kind. A slow reader loses the oldest and is told how many by 'dropped'.",
            answers: [200: .other("text/event-stream")])
    }
}
