/// One thing that a run does. What it does through the gate is an action there, with its own decision, preview,
/// approval and record.
public struct Step: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case action(StepAction)
        /// People agree, or do not.
        case approval(ApprovalStep)
        case wait(Wait)
        /// Another workflow, as a run of its own.
        case workflow(name: String, inputs: Template)
        /// Nothing by itself: it is done when all that it needs is done. The end of a `parallel` group.
        case join
    }

    public enum OnError: String, Sendable, Hashable, CaseIterable {
        /// The run fails; what is under way ends, and nothing new begins.
        case fail
        /// The run goes on; `steps.ID.state` tells.
        case `continue`
        /// The run fails and what it has done so far is undone.
        case undo
    }

    /// Letters, digits, hyphens and underscores.
    public var id: String
    public var title: String
    public var kind: Kind
    /// Where it is false, the step is skipped. Nil asks that everything it needs succeeded; an expression is asked
    /// whatever became of them, and `success()`, `failure()`, `always()` tell.
    public var condition: Expression?
    /// Ids of steps, each of them before this one. Where the file does not say, the step before it.
    public var needs: [String]
    public var forEach: ForEach?
    public var retry: Retry
    /// Of one attempt, the time that it waits for people left out. Nil takes the tool's own.
    public var timeout: Duration?
    public var onError: OnError
    /// Over `result`, the answer. Without any, `steps.ID.outputs` is the answer itself.
    public var outputs: [Named<Template>]
    public var undo: StepUndo
    /// Where it begins in the file.
    public var place: Place

    public init(
        id: String, title: String = "", kind: Kind, condition: Expression? = nil, needs: [String] = [],
        forEach: ForEach? = nil, retry: Retry = .once, timeout: Duration? = nil, onError: OnError = .fail,
        outputs: [Named<Template>] = [], undo: StepUndo = .byTool, place: Place = Place(line: 0, column: 0)
    ) {
        self.id = id
        self.title = title
        self.kind = kind
        self.condition = condition
        self.needs = needs
        self.forEach = forEach
        self.retry = retry
        self.timeout = timeout
        self.onError = onError
        self.outputs = outputs
        self.undo = undo
        self.place = place
    }
}

/// A tool with its arguments.
public struct StepAction: Sendable, Hashable {
    /// Fixed in the file: what a workflow may do can be read off it.
    public var tool: String
    /// What it acts upon; nil takes the run's own, `workflow:NAME`.
    public var target: Template?
    public var arguments: Template

    public init(tool: String, target: Template? = nil, arguments: Template) {
        self.tool = tool
        self.target = target
        self.arguments = arguments
    }
}

public struct ApprovalStep: Sendable, Hashable {
    /// What becomes of the step where nobody agrees.
    public enum Otherwise: String, Sendable, Hashable, CaseIterable {
        case fail, `continue`, undo
    }

    /// What people are asked.
    public var message: Template
    /// What they look at beside it: shown as it is, never interpreted.
    public var details: Template?
    public var roles: [String]
    public var quorum: Int
    public var expires: Duration
    public var onTimeout: Otherwise
    public var onDeny: Otherwise

    public init(
        message: Template, details: Template? = nil, roles: [String], quorum: Int = 1,
        expires: Duration = .seconds(3600), onTimeout: Otherwise = .fail, onDeny: Otherwise = .fail
    ) {
        self.message = message
        self.details = details
        self.roles = roles
        self.quorum = quorum
        self.expires = expires
        self.onTimeout = onTimeout
        self.onDeny = onDeny
    }
}

/// What a run waits for.
public enum Wait: Sendable, Hashable {
    case time(Duration)
    /// An RFC 3339 time.
    case until(Template)
    /// An event of this name, where the expression over `event` holds. The event is the step's answer.
    case event(name: String, condition: Expression?, timeout: Duration)
}

/// One instance of the step for each element; `item` and `index` stand for it. The outputs are a list in the same order.
public struct ForEach: Sendable, Hashable {
    public var items: Template
    public var concurrency: Int

    public init(items: Template, concurrency: Int = 1) {
        self.items = items
        self.concurrency = concurrency
    }
}

/// Further attempts at what failed and is known not to have happened.
public struct Retry: Sendable, Hashable {
    /// The first included.
    public var attempts: Int
    public var delay: Duration
    public var factor: Double
    public var longestDelay: Duration
    /// The share of a delay that chance decides: 0.2 of 10 s is between 8 s and 12 s.
    public var jitter: Double

    public static let once = Retry(attempts: 1)

    public init(
        attempts: Int, delay: Duration = .seconds(1), factor: Double = 2, longestDelay: Duration = .seconds(300),
        jitter: Double = 0.2
    ) {
        self.attempts = attempts
        self.delay = delay
        self.factor = factor
        self.longestDelay = longestDelay
        self.jitter = jitter
    }
}

/// How what a step did is undone.
public enum StepUndo: Sendable, Hashable {
    /// By the plan that the tool made in its preview; a step without one has nothing to undo.
    case byTool
    /// By an action of the workflow's own, whose arguments are worked out and kept before the step acts.
    case action(StepAction)
    /// Not at all, and the file says so.
    case none
}

/// Where something stands in a file, both from 1.
public struct Place: Sendable, Hashable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
