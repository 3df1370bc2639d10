import Gate
import Logging
import Privacy
import ServiceLifecycle

/// Brings the sessions' vaults to the disk soon after they grow, and forgets those of sessions that are over.
///
/// A crash loses the last second's tokens. What a caller was sent with its values put back is not touched by that; a token
/// that nobody knows any more stays as it stands, and is taken for a text of its own.
struct VaultKeeping: Service {
    private static let interval = Duration.seconds(1)
    private static let sweepInterval = 30

    let privacy: SharedPrivacy
    let table: VaultTable
    let gate: Gate
    let logger: Logger

    func run() async throws {
        let atStart = privacy.sizes
        await cancelWhenGracefulShutdown {
            var (kept, turn) = (atStart, 0)
            while (try? await Task.sleep(for: Self.interval)) != nil {
                await keep(&kept)
                turn += 1
                if turn % Self.sweepInterval == 0 { await sweep(&kept) }
            }
            await keep(&kept)
        }
    }

    /// A vault that could not be written is tried again the next time.
    private func keep(_ kept: inout [String: Int]) async {
        let sizes = privacy.sizes
        let grown = sizes.filter { kept[$0.key] != $0.value && gate.sessions.isLive($0.key) }
        guard !grown.isEmpty else { return }
        do {
            try await table.write(privacy.vaults(of: grown.keys))
            kept.merge(grown) { _, new in new }
        } catch {
            logger.error("the sessions' tokens could not be kept", metadata: ["error": "\(error)"])
        }
    }

    private func sweep(_ kept: inout [String: Int]) async {
        let sessions = gate.sessions
        privacy.sweep(isLive: sessions.isLive)
        kept = kept.filter { sessions.isLive($0.key) }
        do {
            try await table.remove { sessions.isLive($0) }
        } catch {
            logger.error("tokens of sessions that are over could not be forgotten", metadata: ["error": "\(error)"])
        }
    }
}
