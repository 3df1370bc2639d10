public import JSON

/// What is to be done, step by step: one file's worth, read and checked. See docs/workflows.md for the format.
public struct Workflow: Sendable, Hashable {
    /// Lower case letters, digits and hyphens: how people and other workflows call it.
    public var name: String
    /// One line for people.
    public var title: String
    public var summary: String
    /// What people say to start it: `"assess {repository}"`, where what stands in braces is an input.
    public var phrases: [String]
    public var triggers: [Trigger]
    public var inputs: [WorkflowInput]
    public var concurrency: Concurrency?
    /// How long a run may take, the time that it waits for people left out.
    public var timeout: Duration
    /// In the order of the file, groups laid flat. What each needs stands before it.
    public var steps: [Step]
    public var outputs: [Named<Template>]
    /// `sha256:…` of the file's bytes: a run is pinned to the one that it began with.
    public var version: String

    public init(
        name: String, title: String = "", summary: String = "", phrases: [String] = [], triggers: [Trigger] = [],
        inputs: [WorkflowInput] = [], concurrency: Concurrency? = nil, timeout: Duration = .seconds(3600),
        steps: [Step], outputs: [Named<Template>] = [], version: String
    ) {
        self.name = name
        self.title = title
        self.summary = summary
        self.phrases = phrases
        self.triggers = triggers
        self.inputs = inputs
        self.concurrency = concurrency
        self.timeout = timeout
        self.steps = steps
        self.outputs = outputs
        self.version = version
    }

    /// The step with this id.
    public func step(_ id: String) -> Step? { steps.first { $0.id == id } }
}

/// A value with its name, where the order of the file counts.
public struct Named<Value: Sendable & Hashable>: Sendable, Hashable {
    public var name: String
    public var value: Value

    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}

/// What a run is given.
public struct WorkflowInput: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case string, number, boolean, array, object
    }

    public var name: String
    public var kind: Kind
    public var summary: String
    public var isRequired: Bool
    public var fallback: JSON?
    /// Where the value has to be one of these.
    public var choices: [JSON]

    public init(
        name: String, kind: Kind = .string, summary: String = "", isRequired: Bool = false, fallback: JSON? = nil,
        choices: [JSON] = []
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
        self.fallback = fallback
        self.choices = choices
    }
}

/// Runs with the same group do not run at the same time.
public struct Concurrency: Sendable, Hashable {
    public enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Later ones wait for their turn.
        case queue
        /// A later one ends the one that runs.
        case replace
        /// A later one is not begun.
        case skip
    }

    public var group: Template
    public var policy: Policy

    public init(group: Template, policy: Policy = .queue) {
        self.group = group
        self.policy = policy
    }
}

/// What starts a run, beside somebody who asks for it.
public enum Trigger: Sendable, Hashable {
    /// Five fields of cron in a time zone of the IANA database.
    case schedule(cron: String, timeZone: String)
    /// A signed request; its body is `event`.
    case webhook
    /// A push to a repository.
    case push(branches: [String], paths: [String])
    /// An alert or finding at least as severe.
    case alert(severity: String?)
}
