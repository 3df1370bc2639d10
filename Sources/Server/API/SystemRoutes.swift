import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Ledger
import Store

/// Whether the house is alive and ready, what it counts, and what the API is.
struct SystemRoutes: Sendable {
    let rooms: Rooms
    /// Why policy that should be in force is not.
    let missingPolicy: @Sendable () -> String?

    /// - Parameter described: all routes that the OpenAPI document lists.
    func routes(describing described: [Route]) -> [Route] {
        let document = JSONText.bytes(of: OpenAPI.document(of: described, version: rooms.version))
        return [
            Route(.get, "/healthz", access: .open) { _ in .json(["status": "ok", "version": .string(rooms.version)]) },
            Route(.get, "/readyz", access: .open) { _ in try await readiness() },
            Route(.get, "/metrics", access: .open) { _ in
                .text(MetricsText.render(rooms.metrics), type: MetricsText.mediaType)
            },
            Route(.get, "/api/v1/openapi.json", access: .open) { _ in .bytes(document, type: "application/json") },
        ]
    }

    /// Ready when both places that keep things answer, and all policy is in force that should be.
    private func readiness() async throws -> Response {
        let store = await storeFailure()
        let ledger = rooms.ledger.failure?.message
        let policy = missingPolicy()
        let checks: JSON = [
            "store": .string(store ?? "ok"), "ledger": .string(ledger ?? "ok"),
            "policy": .string(policy == nil ? "ok" : "not all of it is in force"),
        ]
        let isReady = store == nil && ledger == nil && policy == nil
        let body: JSON = ["status": isReady ? "ready" : "not ready", "checks": checks]
        return .json(body, status: isReady ? .ok : .serviceUnavailable)
    }

    private func storeFailure() async -> String? {
        do {
            _ = try await rooms.store.read { try $0.first("SELECT 1 AS one") }
            return nil
        } catch {
            return GatehouseError.shown(error).message
        }
    }
}
