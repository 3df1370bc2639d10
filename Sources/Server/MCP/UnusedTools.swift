import Core
import Federation
import Gate
import JSON

/// Who may call tools of the MCP servers and does not: what could be taken from them.
struct UnusedTools: Sendable {
    static let usualDays = 90
    private static let mostPrincipals = 500
    private static let mostNames = 100

    let rooms: Rooms
    let federation: Federation

    /// - Parameter most: principals that are looked at: what policy says of one for the first time takes milliseconds.
    func allowances(days: Int, most: Int = mostPrincipals) async throws -> [Allowance] {
        let principals = try await rooms.gate.identity.principals()
        return try await federation.allowances(
            of: Array(principals.prefix(most)), by: rooms.gate,
            since: rooms.clock.now() + .seconds(-86_400 * days))
    }

    func report(days: Int) async throws -> JSON {
        [
            "days": JSON(days),
            "principals": .array(
                try await allowances(days: days).map { allowance in
                    [
                        "id": .string(allowance.principal.id), "name": .string(allowance.principal.name),
                        "permitted": JSON(allowance.permitted), "unused": JSON(allowance.unused.count),
                        "tools": .array(allowance.unused.prefix(Self.mostNames).map { .string($0.publicName) }),
                    ]
                }),
        ]
    }
}
