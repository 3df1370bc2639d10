public import Core
import Crypto
import Gate
public import JSON
import Logging
import Store

/// Something that happened, which starts runs and wakes those that wait for it.
public enum FlowEvent: Sendable, Hashable {
    /// By a name of the organisation's own: for `wait_for` only.
    case named(String)
    /// A request for this workflow, whose signature was checked.
    case webhook(workflow: String)
    /// - paths: that changed; nil where they are not known, which sets off what waits for any.
    case push(branch: String, paths: [String]?)
    case alert(severity: Severity)

    /// What `wait_for` calls it.
    public var name: String {
        switch self {
        case .named(let name): name
        case .webhook: "webhook"
        case .push: "push"
        case .alert: "alert"
        }
    }
}

/// What an event that comes from outside is known by there. Delivered again, it begins no run a second time.
public struct Occurrence: Sendable, Hashable {
    public var key: String
    /// When it was first heard of.
    public var time: Timestamp

    public init(key: String, time: Timestamp) {
        self.key = key
        self.time = time
    }

    fileprivate func run(of workflow: String) -> String {
        Identifier.make("run", at: time, from: SHA256.hash(data: Array("\(key)\n\(workflow)".utf8)))
    }
}

extension FlowEngine {
    /// Hands an event to the runs that wait for one of this name, and begins runs of the workflows that it starts, each
    /// as the service principal of its workflow.
    ///
    /// - Parameter occurrence: nil for what can only happen once, such as what a person does.
    /// - Returns: the runs that it was handed to, then those that were begun.
    /// - Throws: what the store reports. A workflow that cannot be started holds up no other and is logged.
    @discardableResult
    public func deliver(
        _ event: FlowEvent, _ detail: JSON, as occurrence: Occurrence? = nil
    ) async throws -> [RunRecord] {
        var records: [RunRecord] = []
        for run in try await journal.listening(to: event.name) {
            do { records.append(try await request(.deliver(event: event.name, detail), of: run)) } catch {
                log("an event was not delivered", run, error)
            }
        }
        for workflow in library.workflows {
            guard let trigger = workflow.trigger(for: event) else { continue }
            do {
                let run = occurrence?.run(of: workflow.name)
                records.append(try await startAsService(workflow.name, trigger, detail, run: run))
            } catch {
                log("an event started nothing", workflow.name, error)
            }
        }
        return records
    }

    /// Begins the runs whose time has come.
    func startDue(at now: Timestamp) async {
        do {
            for due in try await scheduler.due(library.workflows, at: now) {
                let name = due.key.workflow
                do {
                    let event: JSON = [
                        "cron": .string(due.key.cron), "timezone": .string(due.key.timeZone),
                        "due": .string(due.time.description),
                    ]
                    _ = try await startAsService(name, .schedule, event) { try Scheduler.mark(due, at: now, $0) }
                    scheduler.done(due.key, at: now)
                } catch {
                    log("a schedule started nothing", name, error)
                    do { try await scheduler.pass(due, at: now) } catch { scheduler.forget(due.key) }
                    scheduler.done(due.key, at: now)
                }
            }
        } catch {
            logger.error("schedules cannot be kept for now", metadata: ["error": "\(error)"])
        }
    }

    private func startAsService(
        _ name: String, _ trigger: RunTrigger, _ event: JSON, run: String? = nil,
        also: @escaping @Sendable (Transaction) throws -> Void = { _ in }
    ) async throws -> RunRecord {
        let workflow = try library.workflow(named: name)
        var start = RunStart(
            id: run ?? Identifier.make("run", at: clock.now()), principal: try await servicePrincipal(of: name),
            event: event, trigger: trigger)
        start.inputs = try InputCheck.values(.null, for: workflow)
        return try await begin(workflow, start, also: also)
    }

    private func log(_ what: Logger.Message, _ about: String, _ error: any Error) {
        logger.warning(what, metadata: ["about": "\(about)", "error": "\(error)"])
    }
}

extension Workflow {
    /// What of it an event sets off; nil where it does not.
    fileprivate func trigger(for event: FlowEvent) -> RunTrigger? {
        for trigger in triggers {
            switch (trigger, event) {
            case (.webhook, .webhook(let name)) where name == self.name: return .webhook
            case (.push(let branches, let paths), .push(let branch, let changed)):
                let isBranch = branches.isEmpty || branches.contains { Glob.matches($0, branch) }
                let isPath =
                    paths.isEmpty || changed?.contains { path in paths.contains { Glob.matches($0, path) } } ?? true
                if isBranch, isPath { return .push }
            case (.alert(let least), .alert(let severity)):
                if severity >= least.flatMap(Severity.init(rawValue:)) ?? .info { return .alert }
            default: break
            }
        }
        return nil
    }
}

/// Patterns of branches and paths: `*` stands for any run of characters but `/`, `**` for any at all.
enum Glob {
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
        guard pattern.count <= 1024, text.count <= 4096 else { return false }
        // Which lengths of the text the pattern so far can have taken.
        var reach = [Bool](repeating: false, count: text.count + 1)
        reach[0] = true
        var position = 0
        while position < pattern.count {
            guard pattern[position] == UInt8(ascii: "*") else {
                for end in stride(from: text.count, to: 0, by: -1) {
                    reach[end] = reach[end - 1] && text[end - 1] == pattern[position]
                }
                reach[0] = false
                position += 1
                continue
            }
            let isDeep = position + 1 < pattern.count && pattern[position + 1] == UInt8(ascii: "*")
            position += isDeep ? 2 : 1
            for end in 1..<max(1, text.count + 1) where reach[end - 1] && (isDeep || text[end - 1] != UInt8(ascii: "/"))
            {
                reach[end] = true
            }
        }
        return reach[text.count]
    }
}
