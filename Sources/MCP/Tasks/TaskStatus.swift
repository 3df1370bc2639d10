public import JSON

extension TasksExtension {
    /// Whether the client takes a task for an answer. Sessions do not: the extension is of 2026-07-28.
    public static func isSpoken(in context: RequestContext) -> Bool {
        context.version.isStateless && context.capabilities.extension(name) != nil
    }

    /// - Throws: ``RPCError/Code/missingCapability`` when it is not.
    public static func require(in context: RequestContext) throws(RPCError) {
        guard !isSpoken(in: context) else { return }
        throw .missingCapability(
            ClientCapabilities(extensions: capability), "this needs the extension \(name), which the client lacks")
    }
}

/// How a task stands.
public enum TaskStatus: Sendable, Hashable {
    case working
    /// Some of what was asked for is not answered yet.
    case inputRequired(InputRequests)
    /// The call's own result; one that says `isError` too.
    case completed(JSON)
    case failed(RPCError)
    case cancelled

    var isOver: Bool {
        switch self {
        case .working, .inputRequired: false
        case .completed, .failed, .cancelled: true
        }
    }

    var word: String {
        switch self {
        case .working: "working"
        case .inputRequired: "input_required"
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

/// Bounds on tasks.
public struct TaskLimits: Sendable, Hashable {
    /// Tasks held at once, and by one who asks; beyond that none is begun.
    public var tasks = 10_000
    public var tasksPerIdentity = 200
    /// How long a task is held from its beginning, whatever comes of it.
    public var timeToLive = Duration.seconds(3600)
    /// What clients are told to wait between two questions.
    public var pollInterval = Duration.milliseconds(500)

    public init() {}
}
