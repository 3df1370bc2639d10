import Models
import ServiceLifecycle

/// Forgets answers that were kept for long enough, and closes connections to providers that are no more.
struct ModelKeeping: Service {
    let gateway: ModelGateway

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(30))) != nil {
                await gateway.tidy()
            }
        }
    }
}
