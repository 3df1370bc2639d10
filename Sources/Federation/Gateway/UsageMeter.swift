public import Core
import Synchronization

/// Who calls what, and when last: since the process began. The record has all of it.
public final class UsageMeter: Sendable {
    public struct Key: Sendable, Hashable {
        public var server: String
        public var tool: String
        public var principal: String
    }

    public struct Use: Sendable, Hashable {
        public var calls = 0
        public var last: Timestamp
    }

    /// Beyond these, further principals are not told apart.
    private static let most = 100_000

    private let uses = Mutex<[Key: Use]>([:])

    func count(_ server: String, _ tool: String, by principal: String, at time: Timestamp) {
        uses.withLock { uses in
            let key = Key(server: server, tool: tool, principal: uses.count < Self.most ? principal : "")
            uses[key, default: Use(last: time)].calls += 1
            uses[key]?.last = time
        }
    }

    public var all: [Key: Use] { uses.withLock { $0 } }
}
