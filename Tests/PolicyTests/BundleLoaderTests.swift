import Core
import Policy
import Rego
import Synchronization
import TestSupport
import Testing

/// A server that answers what it is told to, and remembers what it was asked.
private final class ScriptedServer: BundleFetcher {
    private struct State {
        var archive: [UInt8]?
        var etag: String?
        var requests: [BundleRequest] = []
    }

    private let state = Mutex(State())

    var requests: [BundleRequest] { state.withLock { $0.requests } }

    func serve(_ archive: [UInt8]?, etag: String?) {
        state.withLock { ($0.archive, $0.etag) = (archive, etag) }
    }

    func fetch(_ request: BundleRequest) async throws(GatehouseError) -> BundleResponse {
        let (archive, etag) = state.withLock { state in
            state.requests.append(request)
            return (state.archive, state.etag)
        }
        guard let archive else { throw GatehouseError("http", .unavailable, "connection refused") }
        if let etag, etag == request.etag { return .notModified }
        return .body(archive, etag: etag)
    }
}

@Suite struct BundleLoaderTests {
    private static func archive(_ number: Int, _ signing: BundleSigning? = nil) throws -> [UInt8] {
        try BundleWriter(signing: signing).build(.of("package p\nx := \(number)", root: "p", revision: "\(number)"))
    }

    private func loader(
        _ server: ScriptedServer, _ store: PolicyStore, keeping kept: KeptBundle? = nil,
        _ reader: BundleReader = .init()
    ) -> BundleLoader {
        let source = HTTPBundleSource(
            url: "https://policy.test/b.tar.gz", headers: ["authorization": Secret("Bearer x")], reader: reader,
            fetcher: server)
        return BundleLoader("p", from: source, into: store, keeping: kept)
    }

    @Test func asksWithTheTagOfWhatIsActive() async throws {
        let (server, store) = (ScriptedServer(), try PolicyStore())
        let loader = loader(server, store)
        server.serve(try Self.archive(1), etag: "\"one\"")
        await loader.poll()
        #expect(try store.value("p", "x") == 1)
        let snapshot = store.current
        await loader.poll()
        #expect(store.current === snapshot)
        server.serve(try Self.archive(2), etag: "\"two\"")
        await loader.poll()
        #expect(try store.value("p", "x") == 2)
        #expect(server.requests.map(\.etag) == [nil, "\"one\"", "\"one\""])
        #expect(server.requests.first?.headers["authorization"] == Secret("Bearer x"))
        #expect(loader.status.error == nil)
    }

    @Test func aBadBundleNeverReplacesAGoodOne() async throws {
        let (server, store) = (ScriptedServer(), try PolicyStore())
        let loader = loader(server, store)
        server.serve(try Self.archive(1), etag: "1")
        await loader.poll()
        let good = store.current
        let outside = try BundleWriter().build(.of("package q\nx := 1", root: "p"))
        let broken = try BundleWriter().build(.of("package p\nx := ", root: "p"))
        for bad in [[], Array("<html>not found</html>".utf8), Array(try Self.archive(2).dropLast(9)), outside, broken] {
            server.serve(bad, etag: "2")
            await loader.poll()
            #expect(store.current === good)
            #expect(loader.status.error != nil)
            #expect(store.status.first?.failure != nil)
            #expect(server.requests.last?.etag == "1")
        }
        #expect(loader.status.failures == 5)
        #expect(store.status.first?.failure?.problems.first?.file == "p/policy.rego")
        server.serve(nil, etag: nil)
        await loader.poll()
        #expect(store.current === good)
        server.serve(try Self.archive(3), etag: "3")
        await loader.poll()
        #expect(try store.value("p", "x") == 3)
        #expect(loader.status.failures == 0)
        #expect(store.status.first?.failure == nil)
    }

    @Test func whatWasGoodIsKeptForAStartWithoutTheServer() async throws {
        let scratch = ScratchFolder()
        let key = Secret("a shared secret")
        let reader = BundleReader(verification: .init(keys: ["k": .init(key, algorithm: "HS256")]))
        let kept = KeptBundle(folder: "\(scratch.path)/kept", reader: reader)
        let signing = BundleSigning(key, keyID: "k", algorithm: "HS256")
        let server = ScriptedServer()
        server.serve(try Self.archive(1, signing), etag: nil)
        let first = try PolicyStore()
        await loader(server, first, keeping: kept, reader).poll()
        #expect(try first.value("p", "x") == 1)

        server.serve(nil, etag: nil)
        let second = try PolicyStore()
        let again = loader(server, second, keeping: kept, reader)
        await again.poll()
        #expect(try second.value("p", "x") == 1)
        #expect(again.status.isFromDisk)
        #expect(again.status.error?.code == .unavailable)
        server.serve(try Self.archive(2, signing), etag: nil)
        await again.poll()
        #expect(try second.value("p", "x") == 2)
        #expect(!again.status.isFromDisk)

        // What lies in the folder is trusted no more than what comes by wire.
        server.serve(nil, etag: nil)
        #expect(run("sh", "-c", "for f in '\(scratch.path)/kept'/*; do printf x >> \"$f\"; done") == 0)
        let third = try PolicyStore()
        await loader(server, third, keeping: kept, reader).poll()
        #expect(third.current.revisions.isEmpty)
        #expect(third.status.first?.failure != nil)
    }

    @Test func runsUntilItIsCancelled() async throws {
        let (server, store) = (ScriptedServer(), try PolicyStore())
        let source = HTTPBundleSource(url: "u", fetcher: server)
        let archive = try Self.archive(1)
        let (steps, step) = AsyncStream.makeStream(of: Void.self)
        let loader = BundleLoader("p", from: source, into: store) { _ in
            step.yield()
            try await Task.sleep(for: .milliseconds(1))
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await loader.run() }
            var count = 0
            for await _ in steps {
                count += 1
                if count == 3 { server.serve(archive, etag: nil) }
                if count >= 6, store.current.revisions["p"] == "1" { break }
            }
            group.cancelAll()
        }
        #expect(server.requests.count >= 6)
    }

    /// Never answers; gives up when it is told to.
    private struct SilentServer: BundleFetcher {
        let asked: AsyncStream<Void>.Continuation

        func fetch(_ request: BundleRequest) async throws(GatehouseError) -> BundleResponse {
            asked.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch {
                throw GatehouseError("http", .cancelled, "cancelled")
            }
            return .notModified
        }
    }

    @Test(.timeLimit(.minutes(1))) func beingToldToStopIsNoFailure() async throws {
        let store = try PolicyStore(bundles: ["p": .of("package p\nx := 1", root: "p")])
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let source = HTTPBundleSource(url: "u", fetcher: SilentServer(asked: ask))
        let loader = BundleLoader("p", from: source, into: store)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await loader.run() }
            for await _ in asked { break }
            group.cancelAll()
        }
        #expect(store.status.first?.failure == nil)
        #expect(try store.value("p", "x") == 1)
    }

    private struct ForgetfulServer: BundleFetcher {
        func fetch(_ request: BundleRequest) async throws(GatehouseError) -> BundleResponse { .notModified }
    }

    @Test func notModifiedWithoutATagIsAFailure() async throws {
        let store = try PolicyStore()
        let loader = BundleLoader(
            "p", from: HTTPBundleSource(url: "u", fetcher: ForgetfulServer()), into: store)
        await loader.poll()
        #expect(loader.status.error?.code == .unavailable)
        #expect(store.status.first?.failure?.error.message.contains("not modified") == true)
    }

    // MARK: Files of this machine

    @Test func foldersAreReadAnewWhenTheyChange() async throws {
        let (tree, store) = (ScratchFolder(), try PolicyStore())
        try tree.write("p.rego", "package p\nx := 1")
        let loader = BundleLoader("p", from: LocalBundleSource(path: tree.path), into: store)
        await loader.poll()
        let first = store.current
        await loader.poll()
        #expect(store.current === first)
        try tree.write("p.rego", "package p\nx := 2")
        await loader.poll()
        #expect(try store.value("p", "x") == 2)
        try tree.write("p.rego", "package p\nx := ")
        await loader.poll()
        #expect(try store.value("p", "x") == 2)
        #expect(loader.status.failures == 1)
    }
}

@Suite struct BundlePollerTests {
    @Test func waitsBetweenTheBounds() {
        var random = SeededRandom(seed: 1)
        var poller = BundlePoller(.init(minimum: .seconds(10), maximum: .seconds(20)))
        var delays: Set<Duration> = []
        for number in 0..<200 {
            let outcome: BundlePoller.Outcome = number.isMultiple(of: 2) ? .unchanged : .activated(tag: "\(number)")
            delays.insert(poller.take(outcome, at: Timestamp(seconds: Int64(number)), using: &random))
        }
        #expect(delays.allSatisfy { (.seconds(10)...(.seconds(20))).contains($0) })
        #expect(delays.count > 150)
        #expect(poller.tag == "199")
    }

    @Test func backsOffWhileItFails() {
        var random = SeededRandom(seed: 2)
        var poller = BundlePoller(.init(minimum: .seconds(5), maximum: .seconds(60), firstRetry: .seconds(1)))
        let error = GatehouseError("http", .unavailable, "away")
        _ = poller.take(.activated(tag: "t"), at: Timestamp(seconds: 1), using: &random)
        for failure in 0..<80 {
            let delay = poller.take(.failed(error), at: Timestamp(seconds: 2), using: &random)
            let most = Duration.seconds(min(60, 1 << min(failure, 10)))
            #expect(delay >= most / 2 && delay <= most)
        }
        #expect(poller.status.failures == 80)
        #expect(poller.tag == "t")
        #expect(poller.status.lastSuccess == Timestamp(seconds: 1))
        _ = poller.take(.unchanged, at: Timestamp(seconds: 3), using: &random)
        #expect(poller.status.failures == 0 && poller.status.error == nil)
    }

    @Test func boundsAreMadeSensible() {
        let schedule = BundlePoller.Schedule(minimum: .zero, maximum: .seconds(-5), firstRetry: .seconds(900))
        #expect(schedule.minimum > .zero)
        #expect(schedule.maximum >= schedule.minimum && schedule.firstRetry <= schedule.maximum)
    }
}
