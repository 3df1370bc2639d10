import Core
import Dialects
import Testing

@testable import Models

private func provider(_ id: String, _ labels: Set<Label> = [.untrusted]) -> Provider {
    Provider(id: id, baseURL: "http://127.0.0.1", dialect: .openAI, auth: .none, clearance: Clearance(labels))
}

private func model(_ provider: String, _ name: String = "m") -> ModelName {
    ModelName(provider: provider, model: name)
}

struct RouterTests {
    private let prices = PriceTable(
        version: "1", prices: [model("a"): Price(input: 9, output: 9), model("b"): Price(input: 1, output: 1)])
    private var providers: [Provider] { [provider("a"), provider("b", [.pii, .untrusted]), provider("c")] }
    private var group: [ModelName] { [model("c"), model("a"), model("b")] }

    private func router(_ strategy: RoutingStrategy) -> Router {
        Router(providers: providers, prices: prices, strategy: strategy)
    }

    @Test func strategies() throws {
        let request = RouteRequest(models: group, estimatedInput: 1_000_000)
        #expect(try router(.order).route(request) { _ in ModelState() }.candidates == group)
        #expect(
            try router(.cost).route(request) { _ in ModelState() }.candidates == [model("b"), model("a"), model("c")])
        let byLatency = try router(.latency).route(request) { model in
            var state = ModelState()
            if model.provider != "b" { state.latency.measured(model.provider == "a" ? .seconds(1) : .seconds(2)) }
            return state
        }
        #expect(byLatency.candidates == [model("b"), model("a"), model("c")])
    }

    @Test func conversationsKeepTheirProvider() throws {
        let router = router(.sticky)
        var firsts: [String: Int] = [:]
        for number in 0..<600 {
            var request = RouteRequest(models: group, stickiness: "session \(number)")
            let whole = try router.route(request) { _ in ModelState() }.candidates
            firsts[whole[0].provider, default: 0] += 1
            // Whoever else goes away, the first choice stays.
            request.models = group.filter { $0 != whole[2] }
            #expect(try router.route(request) { _ in ModelState() }.candidates == Array(whole.prefix(2)))
        }
        #expect(firsts.count == 3 && firsts.values.allSatisfy { $0 > 130 })
    }

    @Test func refusalsSayWhy() {
        let secret = RouteRequest(models: group, labels: [.secret])
        let denied = #expect(throws: GatehouseError.self) { try router(.order).route(secret) { _ in ModelState() } }
        #expect(denied?.code == .denied)
        #expect(denied?.cause?.contains("a/m: not cleared for secret") == true)
        let busy = #expect(throws: GatehouseError.self) {
            try router(.order).route(RouteRequest(models: group, labels: [.pii])) { _ in ModelState(hasRoom: false) }
        }
        #expect(busy?.code == .unavailable)
        let unknown = #expect(throws: GatehouseError.self) {
            try router(.order).route(RouteRequest(models: [model("zz")])) { _ in ModelState() }
        }
        #expect(unknown?.code == .notFound)
    }

    @Test func neverToOneThatIsNotCleared() {
        let labels: [Label] = [.pii, .phi, .pci, .secret, .confidential, .untrusted]
        for _ in 0..<3000 {
            let providers = ["a", "b", "c", "d"].map { provider($0, Set(labels.filter { _ in Bool.random() })) }
            let router = Router(
                providers: providers, prices: prices, strategy: RoutingStrategy.allCases.randomElement() ?? .order)
            let held = Set(labels.filter { _ in Int.random(in: 0..<4) == 0 })
            let request = RouteRequest(
                models: (0..<5).map { _ in model(["a", "b", "c", "d", "e"].randomElement() ?? "a") }, labels: held,
                stickiness: "\(Int.random(in: 0..<9))")
            let route = try? router.route(request) { _ in ModelState(hasRoom: Int.random(in: 0..<3) > 0) }
            guard let route else { continue }
            #expect(Set(route.candidates).count == route.candidates.count && !route.candidates.isEmpty)
            for candidate in route.candidates {
                #expect(router.providers[candidate.provider]?.clearance.labels.isSuperset(of: held) == true)
                #expect(route.leftOut[candidate] == nil)
            }
        }
    }
}

struct FailoverTests {
    private static let failures: [UpstreamFailure] = [
        .connect("x"), .status(429, retryAfter: .seconds(1)), .status(529, retryAfter: nil),
        .status(500, retryAfter: .seconds(60)), .status(400, retryAfter: nil), .firstByteLate, .idle, .reset("x"),
        .late, .tooLarge,
    ]

    @Test(arguments: failures) func whatIsRetried(_ failure: UpstreamFailure) {
        var failover = Failover(Route(candidates: [model("a"), model("b")], leftOut: [:]))
        #expect(failover.start() == .attempt(model("a"), after: .zero))
        let action = failover.handle(.failed(failure)) { true }
        if failure.isRetryable {
            #expect(action == .attempt(model("b"), after: .zero))
        } else {
            #expect(action == .giveUp(failure.error(from: model("a"))))
        }
    }

    @Test func waitsAreKeptOrNotBorne() {
        var short = Failover(Route(candidates: [model("a")], leftOut: [:]))
        _ = short.start()
        #expect(
            short.handle(.failed(.status(429, retryAfter: .seconds(2)))) { true }
                == .attempt(model("a"), after: .seconds(2)))
        var long = Failover(Route(candidates: [model("a")], leftOut: [:]))
        _ = long.start()
        let failure = UpstreamFailure.status(429, retryAfter: .seconds(60))
        #expect(long.handle(.failed(failure)) { true } == .giveUp(failure.error(from: model("a"))))
        #expect(failure.error(from: model("a")).hint == "try again in 60 s")
    }

    @Test func boundedAndNeverAfterTheFirstByte() {
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...6)
            let candidates = (0..<count).map { model("p\($0)") }
            var failover = Failover(Route(candidates: candidates, leftOut: [:]), attempts: .random(in: -1...9))
            var tries = 0
            var sent = false
            var ended = false
            var action = failover.start()
            for _ in 0..<30 {
                switch action {
                case .attempt(let candidate, let delay):
                    #expect(!sent && !ended && candidates.contains(candidate))
                    #expect(delay <= Failover.greatestDelay)
                    tries += 1
                case .answer: #expect(!ended)
                case .giveUp:
                    #expect(!sent && !ended)
                    ended = true
                case .breakOff:
                    #expect(sent && !ended)
                    ended = true
                case .done: ended = true
                }
                let event: Failover.Event =
                    switch Int.random(in: 0..<12) {
                    case 0: .firstByteSent
                    case 1: .completed
                    default: .failed(Self.failures.randomElement() ?? .idle)
                    }
                if event == .firstByteSent && !ended { sent = true }
                action = failover.handle(event) { Int.random(in: 0..<9) > 0 }
            }
            #expect(tries <= Failover.greatestAttempts && tries == failover.attempts)
        }
    }
}

struct BudgetAndBreakerTests {
    @Test func retriesStayWithinTheirShare() {
        for _ in 0..<200 {
            var budget = RetryBudget(share: .random(in: 0...1000), burst: .random(in: 0...20))
            var requests = 0
            var retries = 0
            for _ in 0..<2000 {
                if Bool.random() {
                    budget.request()
                    requests += 1
                } else if budget.retry() {
                    retries += 1
                }
                #expect(retries * 1000 <= requests * budget.share + budget.burst * 1000)
            }
        }
    }

    @Test func breakerOpensTriesOnceAndCloses() {
        let now = ContinuousClock.now
        var breaker = ModelBreaker()
        for _ in 0..<ModelBreaker.threshold {
            breaker.failed(at: now)
        }
        let early = breaker.admit(at: now)
        #expect(!early && breaker.wait(at: now) == ModelBreaker.pause)
        let later = now + ModelBreaker.pause
        let tries = [breaker.admit(at: later), breaker.admit(at: later)]
        #expect(tries == [true, false])
        breaker.succeeded()
        #expect(breaker.wait(at: later) == nil)
        breaker.failed(at: later, retryAfter: .seconds(9999))
        #expect(breaker.wait(at: later) == ModelBreaker.greatestPause)
    }
}
