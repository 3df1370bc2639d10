public import Core
public import Gate
public import JSON

/// What a run begins with: all that is known before its first step.
public struct RunStart: Sendable, Hashable {
    /// The run's place below another.
    public struct Parent: Sendable, Hashable {
        public var run: String
        public var ref: StepRef

        public init(run: String, ref: StepRef) {
            self.run = run
            self.ref = ref
        }
    }

    /// `run_…`
    public var id: String
    /// As it was when the run began. Its roles are looked up anew at each step, where they can be.
    public var principal: Principal
    /// See ``Gate/Caller/isLocal``.
    public var isLocal: Bool
    /// Of its sessions.
    public var sessionClass: String
    /// What had passed through whoever started it.
    public var labels: Set<Label>
    /// Checked, with the values of those that were left out.
    public var inputs: JSONObject
    /// What set it off; null where somebody asked for it.
    public var event: JSON
    public var trigger: RunTrigger
    public var parent: Parent?
    /// 0 for a run that is nobody's part.
    public var depth: Int
    /// Another run of its group goes first.
    public var isQueued: Bool

    /// Runs within each other.
    public static let deepest = 8

    public init(
        id: String, principal: Principal, isLocal: Bool = false, sessionClass: String = SessionClass.standard.name,
        labels: Set<Label> = [], inputs: JSONObject = [:], event: JSON = .null, trigger: RunTrigger = .asked,
        parent: Parent? = nil, depth: Int = 0, isQueued: Bool = false
    ) {
        self.id = id
        self.principal = principal
        self.isLocal = isLocal
        self.sessionClass = sessionClass
        self.labels = labels
        self.inputs = inputs
        self.event = event
        self.trigger = trigger
        self.parent = parent
        self.depth = depth
        self.isQueued = isQueued
    }
}

/// What began a run.
public enum RunTrigger: String, Sendable, Hashable, CaseIterable {
    case asked, schedule, webhook, push, alert, workflow
}
