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

    let gate: Gate
    let caller: Caller

    /// - Parameters:
    ///   - clearances: of the servers, by name.
    ///   - request: to use one of them, with no arguments yet.
    /// - Returns: those that may be used, in the same order.
    func permitted(
        _ things: [CatalogueTool], clearances: [String: Set<Label>], _ request: (CatalogueTool) -> ActionRequest
    ) async throws -> [CatalogueTool] {
        let numbers = Dictionary(
            Set(clearances.values).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let numbered = clearances.compactMapValues { numbers[$0] }
        let kinds = Dictionary(grouping: things.indices) {
            Kind(effect: things[$0].effect, clearance: numbered[things[$0].server] ?? -1)
        }
        var isPermitted = [Bool](repeating: false, count: things.count)
        for places in kinds.values {
            if places.count > Self.few, let all = try await gate.foresee(all: request(things[places[0]]), as: caller) {
                for place in places { isPermitted[place] = all }
            } else {
                let each = try await gate.foresee(places.map { request(things[$0]) }, as: caller)
                for (place, one) in zip(places, each) { isPermitted[place] = one }
            }
        }
        return zip(things, isPermitted).filter(\.1).map(\.0)
    }
}
