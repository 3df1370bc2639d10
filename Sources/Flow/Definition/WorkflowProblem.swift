public import Core

/// One thing that is wrong with a workflow.
public struct WorkflowProblem: Sendable, Hashable, CustomStringConvertible {
    /// Line and column from 1; 0 where only the file is known.
    public var place: Place
    /// The keys that lead to it, such as `steps[2].with`; empty for the whole file.
    public var path: String
    public var message: String
    /// What to do about it.
    public var hint: String?

    public init(_ place: Place, _ path: String, _ message: String, hint: String? = nil) {
        (self.place, self.path, self.message, self.hint) = (place, path, message, hint)
    }

    /// `12:5: steps[2].with: unknown key; did you mean …`
    public var description: String {
        var text = place.line > 0 ? "\(place.line):\(place.column): " : ""
        if !path.isEmpty { text += "\(path): " }
        return text + message + (hint.map { "; \($0)" } ?? "")
    }
}

/// Why a file is no workflow: all that is wrong with it, up to a bound, in the order of the file.
public struct WorkflowProblems: Error, Sendable, Hashable {
    /// Problems that are told of one file; further ones are counted.
    public static let limit = 50

    public var file: String
    public var problems: [WorkflowProblem]
    public var suppressed: Int

    public init(file: String, _ problems: [WorkflowProblem], suppressed: Int = 0) {
        self.file = file
        self.problems = problems.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        self.suppressed = suppressed
    }

    /// All of them as one error.
    public var failure: GatehouseError {
        if problems.count == 1, suppressed == 0, let only = problems.first {
            var bare = only
            bare.hint = nil
            return GatehouseError("flow", .invalid, "\(file):\(bare)", hint: only.hint)
        }
        var lines = problems.map { "  \(file):\($0)" }
        if suppressed > 0 { lines.append("  and \(suppressed) more") }
        let count = problems.count + suppressed
        return GatehouseError("flow", .invalid, "\(count) problems in the workflow\n\(lines.joined(separator: "\n"))")
    }
}
