import JSON

/// How runs look on a terminal.
enum RunText {
    static let columns = ["RUN", "WORKFLOW", "STATE", "STARTED", "BY"]

    static func row(_ run: JSON) -> [String] {
        [
            run["run"]?.string ?? "", run["workflow"]?.string ?? "", run["state"]?.string ?? "",
            String((run["started"]?.string ?? "").prefix(19)), run["trigger"]?.string ?? "",
        ]
    }

    static func mark(_ state: String) -> String {
        switch state {
        case "succeeded": "✓"
        case "failed": "✗"
        case "running", "undoing": "▸"
        case "waiting", "queued": "…"
        case "stuck": "?"
        case "skipped": "–"
        case "cancelled", "undone": "↺"
        default: " "
        }
    }

    static func lines(of status: JSON) -> [String] {
        var lines = [
            "\(status["run"]?.string ?? "") \(status["workflow"]?.string ?? ""): \(status["state"]?.string ?? "")"
        ]
        for step in status["steps"]?.array ?? [] { lines.append(line(step)) }
        if let error = status["error"]?["message"]?.string { lines.append("  \(error)") }
        return lines.map(Plain.text)
    }

    static func line(_ step: JSON) -> String {
        let state = step["state"]?.string ?? ""
        let title = step["title"]?.string ?? ""
        var line = "  \(mark(state)) \(step["id"]?.string ?? "")\(title.isEmpty ? "" : " (\(title))"): \(state)"
        if let error = step["error"]?.string { line += ": \(error)" }
        for wait in step["waits_for"]?.array ?? [] {
            if let approval = wait["approval"]?.string {
                line += "\n      next: gatehouse approve \(approval) --reason …"
            }
        }
        return line
    }

    /// What became of it, as words and as an exit code.
    static func end(_ run: JSON, json: Bool) throws {
        let id = run["run"]?.string ?? "the run"
        switch run["state"]?.string {
        case "failed", "cancelled":
            if !json { Terminal.say("\(id) \(run["state"]?.string ?? ""): \(run["error"]?["message"]?.string ?? "")") }
            throw ExitStatus.found.code
        case "waiting", "stuck":
            if !json {
                Terminal.say("\(id) is \(run["state"]?.string ?? "") and goes on while a Gatehouse runs: gatehouse up")
            }
            throw ExitStatus.waiting.code
        case "queued":
            if !json {
                let group = run["group"]?.string ?? ""
                Terminal.say("\(id) stands behind another run of the group \(group), which goes first")
                Terminal.say("  next: gatehouse workflow runs")
            }
            throw ExitStatus.waiting.code
        default: if !json { Terminal.say("\(id) \(run["state"]?.string ?? "")") }
        }
    }
}

/// Says each step's state when it changes.
struct RunProgress {
    let isQuiet: Bool
    private var states: [String: String] = [:]

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func show(_ status: JSON) {
        guard !isQuiet else { return }
        for step in status["steps"]?.array ?? [] {
            guard let id = step["id"]?.string, let state = step["state"]?.string, states[id] != state else { continue }
            states[id] = state
            if state != "pending" { Terminal.say(Plain.text(RunText.line(step))) }
        }
    }
}
