import Gate
import Models
import Privacy
import ServiceLifecycle

/// Forgets what was concealed in sessions that are over, and closes connections to providers that are no more.
struct ModelKeeping: Service {
    let gateway: ModelGateway
    let gate: Gate

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(30))) != nil {
                gateway.privacy.shared.sweep(isLive: gate.sessions.isLive)
                await gateway.tidy()
            }
        }
    }
}
