import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// A provider's answer: its head, and its body as it comes. Nothing is read ahead of the reader.
public struct UpstreamAnswer: Sendable {
    public let status: Int
    /// Those that ``HeaderRules`` lets pass to a client.
    public let headers: [(name: String, value: String)]
    public let body: Body
    /// What the provider asks to wait, where it says so in seconds.
    public let retryAfter: Duration?

    init(_ response: HTTPClientResponse, _ watch: Watch, limit: Int) {
        status = Int(response.status.code)
        headers = response.headers.filter { HeaderRules.passesToClient($0.name) }.map { ($0.name, $0.value) }
        retryAfter = response.headers.first(name: "retry-after").flatMap { Int64($0) }
            .map { .seconds(min(max(0, $0), 86_400)) }
        body = Body(body: response.body, watch: watch, limit: limit)
    }

    /// Throws ``UpstreamFailure``: `reset`, `idle`, `late`, `tooLarge`.
    public struct Body: AsyncSequence, Sendable {
        public typealias Element = [UInt8]

        let body: HTTPClientResponse.Body
        let watch: Watch
        let limit: Int

        public func makeAsyncIterator() -> Iterator {
            Iterator(iterator: body.makeAsyncIterator(), watch: watch, left: limit)
        }

        public struct Iterator: AsyncIteratorProtocol {
            var iterator: HTTPClientResponse.Body.AsyncIterator
            let watch: Watch
            var left: Int

            @concurrent public mutating func next() async throws -> [UInt8]? {
                watch.waits()
                defer { watch.waitsNoMore() }
                do {
                    guard let piece = try await iterator.next() else { return nil }
                    left -= piece.readableBytes
                    guard left >= 0 else { throw UpstreamFailure.tooLarge }
                    return [UInt8](piece.readableBytesView)
                } catch { throw UpstreamErrors.whileAnswering(error) }
            }
        }

        /// All of it. Throws `tooLarge` beyond `limit` bytes.
        public func collected(upTo limit: Int) async throws -> [UInt8] {
            var bytes = [UInt8]()
            for try await piece in self {
                guard bytes.count + piece.count <= limit else { throw UpstreamFailure.tooLarge }
                bytes += piece
            }
            return bytes
        }
    }
}

/// Watches the time of one call: to the answer's head, between its pieces, and as a whole. The time that a reader
/// takes for itself is not held against the provider.
final class Watch: Sendable {
    private enum Phase: Sendable { case head, waiting(since: ContinuousClock.Instant), reading }

    private let timeouts: ProviderTimeouts
    private let start = ContinuousClock.now
    private let phase = Mutex(Phase.head)

    init(timeouts: ProviderTimeouts) { self.timeouts = timeouts }

    func headCame() { phase.withLock { $0 = .reading } }
    func waits() { phase.withLock { $0 = .waiting(since: .now) } }
    func waitsNoMore() { phase.withLock { $0 = .reading } }

    /// Returns never; throws when a time is over, or when it is cancelled.
    func run<Value>() async throws -> Value? {
        while true {
            let (next, failure) = deadline()
            if next <= .now { throw failure }
            // No wait is longer than the shortest that may begin meanwhile.
            try await Task.sleep(until: min(next, .now + timeouts.idle), clock: .continuous)
        }
    }

    /// When to look again, and what is the matter if that time has come.
    private func deadline() -> (ContinuousClock.Instant, UpstreamFailure) {
        let end = start + timeouts.whole
        let soonest: (ContinuousClock.Instant, UpstreamFailure) =
            switch phase.withLock({ $0 }) {
            case .head: (start + timeouts.firstByte, .firstByteLate)
            case .waiting(let since): (since + timeouts.idle, .idle)
            case .reading: (.now + timeouts.idle, .idle)
            }
        return end < soonest.0 ? (end, .late) : soonest
    }
}
