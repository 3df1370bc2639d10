import Core
import Gate
import Store

/// What the rooms of the house bring to the gate: their tables, tools and inspectors, in one list each.
struct HouseRooms: Sendable {
    let tools: [any Tool]
    let inspectors: [any Inspector]

    static var migrations: [Migration] { Gate.migrations }

    init(store: Store, clock: any WallClock) throws {
        tools = []
        inspectors = []
    }
}
