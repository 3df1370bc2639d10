import Core
import Gate
import Models

/// Puts on the record what is refused before it becomes an action: who asked, and why it was refused.
struct ModelRefusals: Sendable {
    let rooms: Rooms
    let gateway: ModelGateway

    /// Reads a request, and records it where it cannot be read or has no session.
    /// - Throws: what `read` throws, and what is wrong with the session.
    func reading<Cargo>(_ call: Call, for tool: String, _ read: () throws -> Cargo) async throws -> (Cargo, Caller) {
        do {
            return (try read(), try rooms.caller(call))
        } catch {
            let session = try? rooms.caller(call).session
            await rooms.gate.recordRefusal(
                of: tool, by: try call.principal(), in: session,
                gateway.privacy.harmless(GatehouseError.shown(error)))
            throw error
        }
    }
}
