import JSON
import MCP
import Synchronization

/// A server with one of everything, for clients and public suites to be tried against.
struct EverythingService: MCPService {
    let info = Implementation(name: "gatehouse-everything", version: "1.0.0", title: "Everything")
    private let changes = ChangeHub()
    private let sealer = StateSealer()
    private let tasks: TaskTable
    private let tools = PlainTools.all + InputTools.all + TaskTools.all
    private let byName: [String: EverythingTool]
    private let mirrored: [String: MirroredParameters]

    init() {
        tasks = TaskTable { [changes] in changes.tell($0) }
        byName = Dictionary(tools.map { ($0.tool.name, $0) }) { first, _ in first }
        mirrored = byName.compactMapValues { tool in
            let found = try? MirroredParameters(inputSchema: tool.tool.inputSchema)
            return found.flatMap { $0.parameters.isEmpty ? nil : $0 }
        }
    }

    func describe(_ context: RequestContext) -> ServerDescription {
        ServerDescription(
            info: info,
            capabilities: ServerCapabilities(
                tools: .init(tellsChanges: true), resources: .init(tellsChanges: true), watchesResources: true,
                prompts: .init(tellsChanges: true), completions: true, logging: true,
                extensions: context.version.isStateless ? TasksExtension.capability : nil),
            instructions: "A server with one of everything.", caching: Caching(ttl: 300_000, scope: .public))
    }

    func handle(_ request: ServerRequest, _ context: RequestContext) async throws(RPCError) -> ServerReply {
        let caching = Caching(ttl: 300_000, scope: .public)
        switch request {
        case .listTools: return .result(ListResult(tools.map(\.tool), caching: caching))
        case .listResources: return .result(ListResult(EverythingResources.all, caching: caching))
        case .listResourceTemplates: return .result(ListResult(EverythingResources.templates, caching: caching))
        case .listPrompts: return .result(ListResult(EverythingPrompts.all, caching: caching))
        case .readResource(let params): return .result(try EverythingResources.read(params.uri, context.version))
        case .getPrompt(let params): return try EverythingPrompts.get(params)
        case .complete(let params): return .result(try complete(params))
        case .other(let method, let params): return try tasks.answer(method, params, context)
        case .callTool(let params):
            guard let tool = byName[params.name] else { throw .invalidParams("there is no tool of this name") }
            do {
                return try await tool.run(
                    .init(params: params, context: context, changes: changes, sealer: sealer, tasks: tasks))
            } catch {
                throw error as? RPCError ?? .internalError()
            }
        }
    }

    private func complete(_ params: CompleteParams) throws(RPCError) -> CompleteResult {
        if let name = params.reference.promptName, !EverythingPrompts.all.contains(where: { $0.name == name }) {
            throw .invalidParams("there is no prompt of this name")
        }
        return CompleteResult(["paris", "park", "party"].filter { $0.hasPrefix(params.value) })
    }

    func changes(_ filter: SubscriptionFilter, _ context: RequestContext) -> AsyncStream<Change> {
        changes.listen { tasks.changes(among: filter.tasks, context) }
    }

    func tasks(among ids: [String], _ context: RequestContext) -> [String] {
        tasks.changes(among: ids, context).compactMap { if case .task(let id, _) = $0 { id } else { nil } }
    }

    func mirroredParameters(of tool: String, _ context: RequestContext) -> MirroredParameters? { mirrored[tool] }
}

/// Tells changes to all who listen.
final class ChangeHub: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// - Parameter first: what is told at once; it is asked for when nothing can be missed any more.
    func listen(_ first: () -> [Change]) -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        for change in first() { continuation.yield(change) }
        return stream
    }

    func tell(_ change: Change) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(change) }
    }
}
