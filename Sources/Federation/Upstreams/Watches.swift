import Synchronization

/// Which resources of the servers somebody wants to hear of, and how many do.
final class Watches: Sendable {
    private struct State {
        var counts: [ResourceAddress: Int] = [:]
        var onChange: (@Sendable (_ server: String, _ uris: Set<String>) -> Void)?
    }

    private let state = Mutex(State())

    /// - Parameter tell: called when those of a server are others than before.
    func onChange(_ tell: @escaping @Sendable (_ server: String, _ uris: Set<String>) -> Void) {
        state.withLock { $0.onChange = tell }
    }

    /// Keeps a resource watched for as long as it is kept itself.
    final class Lease: Sendable {
        private let watches: Watches
        private let addresses: Set<ResourceAddress>

        fileprivate init(_ watches: Watches, _ addresses: Set<ResourceAddress>) {
            self.watches = watches
            self.addresses = addresses
            watches.add(1, to: addresses)
        }

        deinit { watches.add(-1, to: addresses) }
    }

    func watch(_ addresses: Set<ResourceAddress>) -> Lease { Lease(self, addresses) }

    func uris(of server: String) -> Set<String> {
        state.withLock { state in Set(state.counts.keys.filter { $0.server == server }.map(\.uri)) }
    }

    private func add(_ count: Int, to addresses: Set<ResourceAddress>) {
        let changed = state.withLock { state in
            var changed: Set<String> = []
            for address in addresses {
                let before = state.counts[address] ?? 0
                state.counts[address] = before + count == 0 ? nil : before + count
                if before == 0 || before + count == 0 { changed.insert(address.server) }
            }
            return changed
        }
        guard !changed.isEmpty, let tell = state.withLock({ $0.onChange }) else { return }
        for server in changed { tell(server, uris(of: server)) }
    }
}
