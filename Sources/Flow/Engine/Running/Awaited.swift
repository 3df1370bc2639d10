/// Which run waits for what becomes of which action.
struct Awaited: Sendable {
    private var runs: [String: String] = [:]
    private var actions: [String: [String]] = [:]

    var all: [(action: String, run: String)] { runs.map { ($0.key, $0.value) } }

    func run(of action: String) -> String? { runs[action] }

    mutating func set(_ actions: [String], of run: String) {
        guard self.actions[run, default: []] != actions else { return }
        for action in self.actions[run] ?? [] { runs[action] = nil }
        for action in actions { runs[action] = run }
        self.actions[run] = actions.isEmpty ? nil : actions
    }
}
