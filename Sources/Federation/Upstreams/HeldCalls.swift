import Core
import JSON
import MCP
import Synchronization

/// The calls of one connection in whose course the server may ask something.
final class HeldCalls: Sendable {
    typealias Job = @Sendable () async -> Void

    private struct State {
        var byMark: [Int64: HeldCall] = [:]
        /// By what their clients carry.
        var byHandle: [String: Int64] = [:]
        var lastMark: Int64 = 0
    }

    /// At once, on one connection.
    private static let most = 64
    /// From the first moment on: what a client carries is good for as long.
    static let longest = Duration.seconds(900)
    /// For whoever was asked something when the call ended.
    private static let grace = Duration.seconds(60)
    private static let prefix = "held:"

    private let state = Mutex(State())
    private let jobs = AsyncStream<Job>.makeStream(bufferingPolicy: .bufferingOldest(2 * most))

    /// Runs the calls, until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs.stream { group.addTask { await job() } }
            group.cancelAll()
        }
    }

    /// The one that a question belongs to.
    /// - Throws: `RPCError` where that is not known, or nobody can be asked.
    func call(_ context: CallContext, asking request: InputRequest) throws -> HeldCall {
        guard let mark = context.mark, let call = state.withLock({ $0.byMark[mark] }) else {
            throw context.method == nil ? Unaskable.unknownCall(request) : Unaskable.refusal(request)
        }
        return call
    }

    /// Makes a call.
    ///
    /// - Parameters:
    ///   - params: of the call.
    ///   - time: for each word of the server's.
    ///   - work: the call, to be known by its mark.
    /// - Returns: the result's object, or what the server asks, with the state by which to go on.
    /// - Throws: `exhausted` where too many are held; what the call throws.
    func begin(
        _ params: JSON, by asker: Asker, within time: Duration,
        _ work: @escaping @Sendable (_ mark: Int64) async throws -> JSON
    ) async throws -> JSON {
        await stop(like: params, by: asker)
        let call = HeldCall(asker, params: params)
        let mark = try state.withLock { state in
            guard state.byMark.count < Self.most else {
                throw GatehouseError(
                    "mcp", .exhausted, "more than \(Self.most) calls of this MCP server may be asked something")
            }
            state.lastMark += 1
            state.byMark[state.lastMark] = call
            return state.lastMark
        }
        jobs.continuation.yield { [self] in
            await call.run(longest: Self.longest) { try await work(mark) }
            // Who was asked something may still come for its end.
            if state.withLock({ $0.byHandle.values.contains(mark) }) { try? await Task.sleep(for: Self.grace) }
            forget(mark)
        }
        return try await goOn(call, mark, within: time)
    }

    /// Who makes a call anew has given up the one before, whatever was asked in its course.
    private func stop(like params: JSON, by asker: Asker) async {
        let old = state.withLock { state in
            Set(state.byHandle.values).compactMap { mark in
                state.byMark[mark].flatMap {
                    $0.asker.principal == asker.principal && $0.params == params ? (mark, $0) : nil
                }
            }
        }
        for (mark, call) in old {
            await call.stopAndWait()
            forget(mark)
        }
    }

    /// Goes on with a call of which the client carries the handle.
    func resume(_ handle: String, _ asker: Asker, _ responses: JSON?, within time: Duration) async throws -> JSON {
        let found = state.withLock { state -> (HeldCall, Int64)? in
            guard let mark = state.byHandle[handle], let call = state.byMark[mark],
                call.asker.principal == asker.principal
            else { return nil }
            state.byHandle[handle] = nil
            return (call, mark)
        }
        guard let (call, mark) = found else {
            throw GatehouseError(
                "mcp", .invalid, "the call that this goes on with is over", hint: "make the call anew")
        }
        call.answer(InputResponses(trusted: responses ?? [:]))
        return try await goOn(call, mark, within: time)
    }

    /// Whether a state was given out here.
    static func isHandle(_ state: String?) -> Bool { state?.hasPrefix(prefix) ?? false }

    private func goOn(_ call: HeldCall, _ mark: Int64, within time: Duration) async throws -> JSON {
        let event: HeldCall.Event
        do { event = try await call.next(within: time) } catch {
            call.stop()
            forget(mark)
            throw error
        }
        switch event {
        case .ended(let result):
            forget(mark)
            return try result.get()
        case .asked(let requests):
            let handle = Self.prefix + Self.random()
            state.withLock { $0.byHandle[handle] = mark }
            return InputRequiredResult(requests, requestState: handle).json
        }
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hex.encode((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    private func forget(_ mark: Int64) {
        state.withLock { state in
            state.byMark[mark] = nil
            state.byHandle = state.byHandle.filter { $0.value != mark }
        }
    }
}
