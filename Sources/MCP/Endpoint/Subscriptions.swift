import JSON
import Synchronization

/// The `subscriptions/listen` requests that are open (2026-07-28), whatever carries them.
final class Subscriptions: Sendable {
    private struct State {
        var open: [Int: @Sendable () -> Void] = [:]
        var next = 0
        var isClosed = false
    }

    private let limits: MCPLimits
    private let state = Mutex(State())

    init(_ limits: MCPLimits) { self.limits = limits }

    var count: Int { state.withLock { $0.open.count } }

    /// Tells a client of the changes that it wants, until its task is cancelled or the application has no more to tell.
    ///
    /// - Parameter send: towards the client; the acknowledgement comes first.
    /// - Returns: the result that says that it is over.
    func serve<Service: MCPService>(
        _ id: RequestID, _ filter: SubscriptionFilter, from service: Service, _ context: RequestContext,
        send: @escaping @Sendable (Message) -> Void
    ) async throws(RPCError) -> JSON {
        let tasks = filter.tasks
        let honoured = filter.honoured(
            by: try await service.describe(context).capabilities,
            tasks: tasks.isEmpty ? [] : service.tasks(among: tasks, context))
        // Listened to before the acknowledgement, so that nothing that happens after it is missed.
        let changes = service.changes(honoured, context)
        send(
            .notification(
                method: Method.acknowledged,
                params: ["_meta": [MetaKey.subscriptionID: id.json], "notifications": honoured.json]))
        for await change in changes where change.isWanted(by: honoured) { send(change.message(subscription: id)) }
        return Self.ending(id, by: service.info)
    }

    /// The result that says that a subscription is over.
    static func ending(_ id: RequestID, by info: Implementation) -> JSON {
        ResultStamp.modern(["_meta": [MetaKey.subscriptionID: id.json]], of: Method.listen, by: info)
    }

    func filter(_ params: JSON?, _ context: RequestContext) throws(RPCError) -> SubscriptionFilter {
        guard let filter = params?["notifications"] else { throw .invalidParams("notifications: is missing") }
        let wanted = try SubscriptionFilter(filter)
        let named = wanted.watched + wanted.tasks
        guard named.count <= limits.watchedResources, named.allSatisfy({ $0.utf8.count <= limits.nameBytes }) else {
            throw .invalidParams("more than \(limits.watchedResources) resources and tasks, or one's name is too long")
        }
        if !wanted.tasks.isEmpty { try TasksExtension.require(in: context) }
        return wanted
    }

    /// - Parameter end: ends the subscription, and says so to its client.
    /// - Returns: by which it is removed.
    func add(_ end: @escaping @Sendable () -> Void) throws(RPCError) -> Int {
        let number = state.withLock { state -> Int? in
            guard !state.isClosed, state.open.count < limits.subscriptions else { return nil }
            state.next += 1
            state.open[state.next] = end
            return state.next
        }
        guard let number else { throw .internalError("there are too many subscriptions") }
        return number
    }

    func remove(_ number: Int) { state.withLock { _ = $0.open.removeValue(forKey: number) } }

    func close() {
        let ends = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for end in ends { end() }
    }
}

extension StreamableEndpoint {
    /// The answer to `subscriptions/listen` is a stream that stays open.
    func listen(
        _ id: RequestID, _ params: JSON?, _ meta: RequestMeta, _ caller: Caller
    ) async throws(RPCError) -> EndpointAnswer {
        let context = context(meta, caller)
        let filter = try subscriptions.filter(params, context)
        let stream = MessageStream(log: limits.unkeptLog)
        let number = try subscriptions.add { [service] in
            stream.finish(.result(id: id, Subscriptions.ending(id, by: service.info)))
        }
        // The connection that listens owns the task: it is cancelled when the connection goes.
        let task = Task { @concurrent [subscriptions, service] in
            defer { subscriptions.remove(number) }
            do throws(RPCError) {
                let result = try await subscriptions.serve(id, filter, from: service, context, send: stream.send)
                stream.finish(.result(id: id, result))
            } catch {
                stream.finish(.error(id: id, error))
            }
        }
        stream.onEnd { task.cancel() }
        return events(stream)
    }
}
