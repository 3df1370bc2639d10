import Core

/// Where a value stands: for messages.
public struct ConfigPlace: Sendable, Hashable, CustomStringConvertible {
    public var file: String
    /// From 1; 0 where only the file is known.
    public var line: Int
    public var column: Int

    public init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { line > 0 ? "\(file):\(line):\(column)" : file }
}

/// One thing that is wrong, or questionable, in a configuration. It never holds a value that was read from the
/// environment or from a secret's file.
public struct ConfigProblem: Sendable, Hashable, CustomStringConvertible {
    public var place: ConfigPlace
    /// The keys that lead to it: `sessions.routine-ops.retention`, `agents.council.models[1]`.
    public var path: String
    public var message: String
    public var hint: String?

    public var description: String {
        var text = "\(place): "
        if !path.isEmpty { text += "\(path): " }
        text += message
        if let hint { text += "; \(hint)" }
        return text
    }
}

/// Gathers problems, so that one run shows them all, up to a bound.
package struct Problems: Sendable {
    private let limit: Int
    package private(set) var errors: [ConfigProblem] = []
    private(set) var warnings: [ConfigProblem] = []
    /// Errors beyond the bound are counted only.
    package private(set) var suppressed = 0

    package init(limit: Int = 20) { self.limit = limit }

    package var count: Int { errors.count + suppressed }

    package mutating func error(_ place: ConfigPlace, _ path: String, _ message: String, hint: String? = nil) {
        guard errors.count < limit else {
            suppressed += 1
            return
        }
        errors.append(ConfigProblem(place: place, path: path, message: message, hint: hint))
    }

    mutating func warn(_ place: ConfigPlace, _ path: String, _ message: String, hint: String? = nil) {
        guard warnings.count < limit else { return }
        warnings.append(ConfigProblem(place: place, path: path, message: message, hint: hint))
    }

    mutating func add(_ other: Problems) {
        for problem in other.errors { error(problem.place, problem.path, problem.message, hint: problem.hint) }
        for problem in other.warnings { warn(problem.place, problem.path, problem.message, hint: problem.hint) }
        suppressed += other.suppressed
    }

    /// All errors as one, nil where there is none.
    var failure: GatehouseError? {
        guard let first = errors.first else { return nil }
        if count == 1 { return GatehouseError("config", .invalid, withoutHint(first), hint: first.hint) }
        var lines = errors.map { "  \($0)" }
        if suppressed > 0 { lines.append("  and \(suppressed) more") }
        return GatehouseError(
            "config", .invalid, "\(count) errors in the configuration\n\(lines.joined(separator: "\n"))")
    }

    private func withoutHint(_ problem: ConfigProblem) -> String {
        var bare = problem
        bare.hint = nil
        return bare.description
    }
}
