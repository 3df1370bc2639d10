import Core
import JSON

/// What became of an export.
enum SendOutcome: Sendable, Hashable {
    /// Taken, save so many spans or points.
    case stored(rejected: Int)
    /// The collector will never take it.
    case refused(status: Int)
    /// It may take it later.
    case failed(why: String, retryAfter: Duration?)

    /// Statuses after which an export is sent again (OTLP/HTTP, "Retryable Response Codes").
    private static let retried: Set<Int> = [429, 502, 503, 504]

    /// - Parameters:
    ///   - retryAfter: the header of that name. Only its form in seconds is understood.
    ///   - body: an export response; anything else says nothing.
    init(status: Int, retryAfter: String?, body: [UInt8]) {
        switch status {
        case 200...299: self = .stored(rejected: Self.rejected(body))
        case _ where Self.retried.contains(status):
            let wait = retryAfter.flatMap { Int64($0) }.map { Duration.seconds(min(max(0, $0), 86_400)) }
            self = .failed(why: "it answered \(status)", retryAfter: wait)
        default: self = .refused(status: status)
        }
    }

    /// Of a partial success; what its message says stays unread, since it may quote what was sent.
    private static func rejected(_ body: [UInt8]) -> Int {
        guard let partial = (try? JSON.parse(body))?["partialSuccess"] else { return 0 }
        for name in ["rejectedSpans", "rejectedDataPoints"] {
            if let number = partial[name]?.int ?? partial[name]?.string.flatMap({ Int($0) }) { return max(0, number) }
        }
        return 0
    }
}
