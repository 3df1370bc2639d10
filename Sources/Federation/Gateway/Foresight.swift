import Core
import Gate

/// Which of many things of the servers somebody may use, by what policy says.
///
/// What policy says of all things with one effect and clearance, whatever their names, is asked once; only where that
/// depends on more is each decided upon by itself.
struct Foresight {
    /// Fewer than these are decided upon one by one.
    private static let few = 8

    private struct Kind: Hashable {
        let effect: Effect
        /// Among the clearances that there are.
        let clearance: Int
    }

    /// About all requests like one; nil where that depends on more.
    let all: (ActionRequest) async throws -> Bool?
    let each: ([ActionRequest]) async throws -> [Bool]

    /// Of who is here now.
    init(gate: Gate, caller: Caller) {
        all = { try await gate.foresee(all: $0, as: caller) }
        each = { try await gate.foresee($0, as: caller) }
    }

    /// Of who may not be here.
    init(gate: Gate, principal: Principal) {
        all = { await gate.foresee(all: $0, for: principal) }
        each = { await gate.foresee($0, for: principal) }
    }

    /// - Parameters:
    ///   - things: with their servers.
    ///   - clearances: of the servers, by name.
    ///   - request: to use one of them, with no arguments yet.
    /// - Returns: those that may be used, in the same order.
    func permitted<Thing>(
        _ things: [Thing], clearances: [String: Set<Label>], _ what: (Thing) -> (server: String, effect: Effect),
        _ request: (Thing) -> ActionRequest
    ) async throws -> [Thing] {
        let numbers = Dictionary(
            Set(clearances.values).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let numbered = clearances.compactMapValues { numbers[$0] }
        let kinds = Dictionary(grouping: things.indices) { place in
            let (server, effect) = what(things[place])
            return Kind(effect: effect, clearance: numbered[server] ?? -1)
        }
        var isPermitted = [Bool](repeating: false, count: things.count)
        for places in kinds.values {
            if places.count > Self.few, let all = try await self.all(request(things[places[0]])) {
                for place in places { isPermitted[place] = all }
            } else {
                let each = try await self.each(places.map { request(things[$0]) })
                for (place, one) in zip(places, each) { isPermitted[place] = one }
            }
        }
        return zip(things, isPermitted).filter(\.1).map(\.0)
    }

    func permitted(
        _ items: [CatalogueItem], clearances: [String: Set<Label>], _ request: (CatalogueItem) -> ActionRequest
    ) async throws -> [CatalogueItem] {
        try await permitted(items, clearances: clearances, { ($0.server, $0.effect) }, request)
    }
}
