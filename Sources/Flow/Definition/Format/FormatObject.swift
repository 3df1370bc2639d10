import Core

/// The objects of the format; the raw value names each in the JSON Schema.
enum FormatObject: String, Sendable, CaseIterable {
    case workflow, triggers, schedule, webhook, push, alert, input, concurrency, step, approval, wait, retry, undo

    var fields: [FormatField] {
        switch self {
        case .workflow: Self.workflowFields
        case .triggers: Self.triggerFields
        case .schedule: Self.scheduleFields
        case .webhook: []
        case .push: Self.pushFields
        case .alert: Self.alertFields
        case .input: Self.inputFields
        case .concurrency: Self.concurrencyFields
        case .step: Self.stepFields
        case .approval: Self.approvalFields
        case .wait: Self.waitFields
        case .retry: Self.retryFields
        case .undo: Self.actionFields
        }
    }

    var choices: [FormatChoice] {
        let always: Set<String> = ["id", "title", "if", "needs"]
        let repeated = always.union(["for_each", "max_parallel", "on_error", "outputs"])
        return switch self {
        case .step:
            [
                FormatChoice("uses", beside: repeated.union(["target", "with", "retry", "timeout", "undo"])),
                FormatChoice("approval", beside: repeated),
                FormatChoice("wait_for", beside: repeated),
                FormatChoice("workflow", beside: repeated.union(["with", "timeout", "undo"])),
                FormatChoice("parallel", beside: always),
            ]
        case .wait:
            [
                FormatChoice("time", beside: []), FormatChoice("until", beside: []),
                FormatChoice("event", beside: ["if", "timeout"]),
            ]
        default: []
        }
    }

    /// A second to a year.
    private static let span = Duration.seconds(1)...Duration.seconds(366 * 86_400)
    private static let line = FormatKind.text(most: 200)
    private static let ends = ApprovalStep.Otherwise.allCases.map(\.rawValue)

    private static let workflowFields: [FormatField] = [
        FormatField("name", .name(.workflow), "How people and other workflows call it.", required: true),
        FormatField("title", line, "One line for people."),
        FormatField("summary", .text(most: 4000), "What it does, in a few sentences."),
        FormatField(
            "phrases", .list(of: line, most: 20),
            "What people say to start it: \"assess {repository}\", where what stands in braces is an input."),
        FormatField("on", .object(.triggers), "What starts a run, beside somebody who asks for it."),
        FormatField("inputs", .map(of: .object(.input), keys: .id, most: 100), "What a run is given."),
        FormatField("concurrency", .object(.concurrency), "Runs of one group do not run at the same time."),
        FormatField("timeout", .duration(span), "How long a run may take, waiting for people left out; 1h if absent."),
        FormatField("steps", .list(of: .object(.step), most: 500), "What happens, in this order.", required: true),
        FormatField("outputs", .map(of: .template(.any), keys: .id, most: 100), "What the run yields."),
    ]

    private static let triggerFields: [FormatField] = [
        FormatField(
            "schedule", .shaped(list: .list(of: .object(.schedule), most: 20), map: .object(.schedule)), "At times."),
        FormatField("webhook", .object(.webhook), "On a signed request, whose body is the event."),
        FormatField("push", .object(.push), "On a push to a repository."),
        FormatField("alert", .object(.alert), "On an alert or a finding."),
    ]

    private static let scheduleFields: [FormatField] = [
        FormatField("cron", line, "Minute, hour, day of the month, month, day of the week.", required: true),
        FormatField("timezone", .name(.word), "Of the IANA database, such as Europe/Berlin; UTC if absent."),
    ]

    private static let pushFields: [FormatField] = [
        FormatField("branches", .list(of: .name(.word), most: 100), "To one of these; to any if absent."),
        FormatField("paths", .list(of: line, most: 100), "That changes one of these; any if absent."),
    ]

    private static let alertFields: [FormatField] = [
        FormatField("severity", .word(Severity.allCases.map(\.rawValue)), "At least as severe; any if absent.")
    ]

    private static let inputFields: [FormatField] = [
        FormatField("type", .word(WorkflowInput.Kind.allCases.map(\.rawValue)), "Of the value; string if absent."),
        FormatField("required", .flag, "Whether a run needs it."),
        FormatField("default", .constant, "The value where none is given."),
        FormatField("enum", .list(of: .constant, most: 200), "The value is one of these."),
        FormatField("description", .text(most: 1000), "What it is, for people."),
    ]

    private static let concurrencyFields: [FormatField] = [
        FormatField("group", .template(.text), "Of inputs, event and run.", required: true),
        FormatField(
            "policy", .word(Concurrency.Policy.allCases.map(\.rawValue)),
            "Whether a later run waits, takes the place of the one that runs, or is not begun; queue if absent."),
    ]

    private static let actionFields: [FormatField] = [
        FormatField("uses", .name(.tool), "The id of a tool.", required: true),
        FormatField("target", .template(.text), "What it acts upon; the workflow itself if absent."),
        FormatField("with", .template(.object), "The tool's arguments."),
    ]

    private static let stepFields: [FormatField] = [
        FormatField("id", .name(.id), "How expressions and other steps refer to it.", required: true),
        FormatField("title", line, "One line for people."),
        FormatField("uses", .name(.tool), "An action: the id of its tool."),
        FormatField("target", .template(.text), "What the action acts upon; the workflow itself if absent."),
        FormatField("with", .template(.object), "The tool's arguments, or the other workflow's inputs."),
        FormatField("approval", .object(.approval), "People agree, or do not."),
        FormatField("wait_for", .object(.wait), "A time or an event."),
        FormatField("workflow", .name(.workflow), "Another workflow, as a run of its own."),
        FormatField(
            "parallel",
            .list(of: .shaped(list: .list(of: .object(.step), most: 500), map: .object(.step)), most: 100),
            "Steps that begin together; each is a step or a list of steps that follow one another."),
        FormatField(
            "if", .expression, "Where it does not hold, the step is skipped; if absent, all it needs has to succeed."),
        FormatField(
            "needs", .shaped(scalar: .name(.id), list: .list(of: .name(.id), most: 100)),
            "Steps that come before it; the one before it in the list if absent."),
        FormatField("for_each", .template(.list), "One instance for each element, as item and index."),
        FormatField("max_parallel", .whole(1...100), "Instances at the same time; 1 if absent."),
        FormatField("retry", .object(.retry), "Further attempts at what is known not to have happened."),
        FormatField("timeout", .duration(span), "Of one attempt; the tool's own if absent."),
        FormatField("on_error", .word(Step.OnError.allCases.map(\.rawValue)), "What a failure means; fail if absent."),
        FormatField(
            "outputs", .map(of: .template(.any), keys: .id, most: 100),
            "Names for parts of result; the whole answer if absent."),
        FormatField(
            "undo", .shaped(scalar: .word(["none"]), map: .object(.undo)),
            "How it is taken back: not at all, or by an action; by the tool's own plan if absent."),
    ]

    private static let approvalFields: [FormatField] = [
        FormatField("message", .template(.text), "What people are asked.", required: true),
        FormatField("details", .template(.any), "What they look at beside it."),
        FormatField("roles", .list(of: .name(.word), most: 50), "Who may agree.", required: true),
        FormatField("quorum", .whole(1...50), "How many have to agree; 1 if absent."),
        FormatField("expires", .duration(span), "How long it may be agreed to; 1h if absent."),
        FormatField("on_timeout", .word(ends), "What it means that nobody answered; fail if absent."),
        FormatField("on_deny", .word(ends), "What it means that somebody refused; fail if absent."),
    ]

    private static let waitFields: [FormatField] = [
        FormatField("time", .duration(span), "So long."),
        FormatField("until", .template(.text), "Until a time (RFC 3339)."),
        FormatField("event", .name(.word), "For an event of this name."),
        FormatField("if", .expression, "For one where this holds over event."),
        FormatField("timeout", .duration(span), "How long to wait for it; 1h if absent."),
    ]

    private static let retryFields: [FormatField] = [
        FormatField("attempts", .whole(1...100), "The first included.", required: true),
        FormatField("delay", .duration(.zero...span.upperBound), "Before the second attempt; 1s if absent."),
        FormatField("factor", .number(1...100), "What each further delay is multiplied by; 2 if absent."),
        FormatField("max_delay", .duration(.zero...span.upperBound), "No delay is longer; 5m if absent."),
        FormatField("jitter", .number(0...1), "The share of a delay that chance decides; 0.2 if absent."),
    ]
}
