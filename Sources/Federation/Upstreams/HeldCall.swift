import Core
import JSON
import MCP
import Synchronization

/// A call to a server of before 2026-07-28, which asks in mid-call and waits: the call goes on here while whoever made it is
/// asked, and comes back with the answers.
final class HeldCall: Sendable {
    enum Event: Sendable {
        /// By the names under which the answers are to come.
        case asked(InputRequests)
        case ended(Result<JSON, any Error>)
    }

    private struct Question {
        let key: String
        let request: InputRequest
        let answer: CheckedContinuation<JSON, any Error>
    }

    private struct State {
        var untold: [Question] = []
        var told: [Question] = []
        var asked = 0
        var end: Result<JSON, any Error>?
        var isStopped = false
    }

    /// Questions of one call.
    private static let mostQuestions = 64
    /// For a call to end that was stopped.
    private static let patience = Duration.seconds(5)

    let asker: Asker
    /// What was called, and with what.
    let params: JSON
    private let state = Mutex(State())
    private let news = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let over = AsyncStream<Void>.makeStream()
    private let stops = AsyncStream<Void>.makeStream()

    init(_ asker: Asker, params: JSON) {
        self.asker = asker
        self.params = params
    }

    // MARK: Towards the server

    /// Until it has ended, is stopped, or has taken too long.
    func run(longest: Duration, _ work: @escaping @Sendable () async throws -> JSON) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { self.end(.success(try await work())) } catch { self.end(.failure(error)) }
            }
            group.addTask { for await _ in self.stops.stream {} }
            group.addTask { try? await Task.sleep(for: longest) }
            await group.next()
            group.cancelAll()
        }
        end(.failure(GatehouseError("mcp", .timeout, "nobody answered what the MCP server had asked")))
        over.continuation.finish()
    }

    /// Asks whoever made the call.
    /// - Throws: `RPCError` for who cannot be asked.
    func ask(_ request: InputRequest) async throws -> JSON {
        guard request.isServed(by: asker.capabilities) else { throw Unaskable.refusal(request) }
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.withLock { state in
                guard state.end == nil, !state.isStopped, state.asked < Self.mostQuestions else { return false }
                state.asked += 1
                state.untold.append(Question(key: "q\(state.asked)", request: request, answer: continuation))
                return true
            }
            guard isTaken else { return continuation.resume(throwing: RPCError.internalError("nobody can be asked")) }
            news.continuation.yield()
        }
    }

    private func end(_ result: Result<JSON, any Error>) {
        let open = state.withLock { state in
            if state.end == nil { state.end = result }
            defer { (state.untold, state.told) = ([], []) }
            return state.untold + state.told
        }
        for question in open { question.answer.resume(throwing: RPCError.internalError("the call is over")) }
        news.continuation.yield()
    }

    // MARK: Towards who made it

    /// What happens next.
    /// - Throws: `timeout` when nothing does; the call is stopped then.
    func next(within time: Duration) async throws -> Event {
        let event = try await withThrowingTaskGroup(of: Event?.self) { group in
            group.addTask { await self.event() }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let event else {
            stop()
            try Task.checkCancellation()
            throw GatehouseError("mcp", .timeout, "the MCP server did not answer in time")
        }
        return event
    }

    private func event() async -> Event? {
        if let event = takeEvent() { return event }
        for await _ in news.stream {
            if let event = takeEvent() { return event }
        }
        return takeEvent()
    }

    private func takeEvent() -> Event? {
        state.withLock { state in
            if let end = state.end { return .ended(end) }
            guard !state.untold.isEmpty else { return nil }
            defer { (state.told, state.untold) = (state.told + state.untold, []) }
            return .asked(InputRequests(state.untold.map { ($0.key, $0.request) }))
        }
    }

    /// Gives the server its answers. A question without one is refused.
    func answer(_ responses: InputResponses) {
        let told = state.withLock { state in
            defer { state.told = [] }
            return state.told
        }
        for question in told {
            if let answer = responses[question.key] {
                question.answer.resume(returning: answer)
            } else {
                question.answer.resume(throwing: RPCError.invalidRequest("there was no answer to this"))
            }
        }
    }

    /// Nobody waits for it any more.
    func stop() {
        state.withLock { $0.isStopped = true }
        stops.continuation.finish()
    }

    /// The same, until the server has been told.
    func stopAndWait() async {
        stop()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in self.over.stream {} }
            group.addTask { try? await Task.sleep(for: Self.patience) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Questions that reach nobody.
enum Unaskable {
    static func refusal(_ request: InputRequest) -> RPCError {
        .invalidRequest("the client behind the gateway cannot be asked for this (\(request.method))")
    }

    /// On a line that all calls share nothing says to which of several a question belongs.
    static func unknownCall(_ request: InputRequest) -> RPCError {
        .invalidRequest(
            "nobody can be asked for this (\(request.method)): several calls are under way, and it may be any's")
    }
}
