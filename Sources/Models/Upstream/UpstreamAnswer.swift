import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Status and headers of an answer, as a client gets them.
struct AnswerHead: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
}

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

    var head: AnswerHead { AnswerHead(status: status, headers: headers) }

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
