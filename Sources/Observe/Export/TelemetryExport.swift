import Core
public import Logging
public import ServiceLifecycle
import Synchronization

/// Sends what ``Telemetry`` gathers, as long as the house lives: spans when enough wait or their time has come, metrics
/// each time anew. What cannot be sent waits, within bounds; nothing that happens here reaches a call.
public struct TelemetryExport: Service {
    /// To the gzip format (RFC 1952).
    public typealias Compression = @Sendable ([UInt8]) throws -> [UInt8]

    private let telemetry: Telemetry
    private let log: ExportLog
    private let compress: Compression

    public init(_ telemetry: Telemetry, logger: Logger, compress: @escaping Compression) {
        self.telemetry = telemetry
        self.compress = compress
        log = ExportLog(logger)
    }

    /// Until a graceful shutdown, and then for as long as what is left takes, within bounds.
    public func run() async throws {
        let client = CollectorClient(version: telemetry.resource.version, compress: compress)
        let ending = Ending()
        await withGracefulShutdownHandler {
            await feed(client, ending)
        } onGracefulShutdown: {
            ending.begin()
            telemetry.changed.spans.ring()
            telemetry.changed.metrics.ring()
        }
        telemetry.counts.dropped(telemetry.spans.resize(to: 0))
        log.tell(telemetry.counts, isLast: true)
        try await client.shutdown()
    }

    /// What is being sent when the end begins is not broken off, and what is left follows, until the time for that is over.
    private func feed(_ client: CollectorClient, _ ending: Ending) async {
        let sender = SignalSender(client: client, counts: telemetry.counts, log: log, ending: ending)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await SpanFeed(telemetry: telemetry, sender: sender).run()
                return false
            }
            group.addTask {
                await MetricFeed(telemetry: telemetry, sender: sender).run()
                return false
            }
            group.addTask {
                await ending.timeIsOver()
                return true
            }
            var feeds = 2
            while feeds > 0, let isTimeOver = await group.next(), !isTimeOver { feeds -= 1 }
            group.cancelAll()
        }
    }
}

/// That the end has begun, and when it has to be over.
final class Ending: Sendable {
    /// For what is left.
    private static let time = Duration.seconds(5)

    private let begun = Mutex<ContinuousClock.Instant?>(nil)
    private let bell = Bell()

    func begin() {
        begun.withLock { $0 = .now }
        bell.ring()
    }

    /// Nil until it begins.
    var timeLeft: Duration? { begun.withLock { $0.map { max(.zero, $0 + Self.time - .now) } } }

    /// Whether to go on as usual.
    var isFar: Bool { timeLeft == nil && !Task.isCancelled }

    /// Returns then, or when the task is cancelled.
    func timeIsOver() async {
        while isFar { await bell.wait(for: .seconds(3600)) }
        try? await Task.sleep(for: timeLeft ?? .zero)
    }
}
