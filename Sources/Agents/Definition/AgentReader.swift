public import Config
public import Core
import Crypto
import JSON
import Schema

/// Reads an agent's file: YAML, or JSON as a part of it. docs/agents.md is the format.
public enum AgentReader {
    /// Bytes, levels and values of one file.
    static let limits: ConfigLimits = {
        var limits = ConfigLimits()
        limits.fileBytes = 256 << 10
        limits.nodes = 10_000
        return limits
    }()

    /// Rooms whose tools have parts, which no part of an action can have.
    static let barred: Set<Substring> = ["agents", "models"]

    /// - Parameter file: what messages call it.
    /// - Throws: all that is wrong with it, up to a bound.
    public static func read(_ bytes: [UInt8], file: String) throws(AgentProblems) -> AgentDefinition {
        var problems = Problems(limit: AgentProblems.limit)
        let raw = YAMLReader.read(bytes, file: file, limits: limits, problems: &problems)
        try refuse(problems, file)
        guard let raw, !raw.isNull else {
            problems.error(
                ConfigPlace(file: file, line: 1, column: 1), "", "the file is empty",
                hint: "an agent has at least a name, a title, a duty, a procedure and schemas of input and output")
            throw AgentProblems(file: file, problems)
        }
        var reader = DefinitionReader(problems: problems)
        let members = reader.object(raw, DefinitionFormat.fields, "")
        try refuse(reader.problems, file)
        var builder = DefinitionBuilder(members: members ?? [:], problems: reader.problems)
        let definition = builder.definition(ConfigPlace(file: file, line: 1, column: 1))
        try refuse(builder.problems, file)
        guard let definition else { throw AgentProblems(file: file, builder.problems) }
        return definition
    }

    private static func refuse(_ problems: Problems, _ file: String) throws(AgentProblems) {
        if problems.count > 0 { throw AgentProblems(file: file, problems) }
    }
}

/// Makes an agent of what was read.
private struct DefinitionBuilder {
    let members: [String: DefinitionValue]
    var problems: Problems

    mutating func definition(_ start: ConfigPlace) -> AgentDefinition? {
        let tools = texts("tools")
        for (index, tool) in tools.enumerated()
        where AgentReader.barred.contains(tool.text.prefix { $0 != "." }) {
            problems.error(
                tool.place, "tools[\(index)]", "no agent calls \(tool.text)",
                hint: "agents and councils are put together by workflows")
        }
        guard let (input, inputSchema) = schema("input"), let (output, outputSchema) = schema("output") else {
            return nil
        }
        let budget = budget
        let (models, labels) = (texts("models").map(\.text), texts("labels").map(\.text))
        let canonical = AgentDefinition.canonical(
            name: text("name"), title: text("title"), duty: text("duty"), procedure: text("procedure"),
            models: models, tools: tools.map(\.text), labels: labels, budget: budget, input: input, output: output)
        guard let bytes = try? canonical.canonicalBytes() else {
            problems.error(start, "", "a number in a schema is too great", hint: "use numbers that a double can hold")
            return nil
        }
        return AgentDefinition(
            name: text("name"), title: text("title"), duty: text("duty"), procedure: text("procedure"),
            models: models, tools: tools.map(\.text), labels: labels, budget: budget, input: input, output: output,
            version: "sha256:\(Hex.encode(SHA256.hash(data: bytes)))", inputSchema: inputSchema,
            outputSchema: outputSchema)
    }

    private func text(_ key: String) -> String { if case .text(let text)? = members[key] { text } else { "" } }

    private func texts(_ key: String) -> [(text: String, place: ConfigPlace)] {
        if case .texts(let texts)? = members[key] { texts } else { [] }
    }

    private var budget: AgentBudget {
        var budget = AgentBudget()
        guard case .members(let written)? = members["budget"] else { return budget }
        if case .whole(let steps)? = written["steps"] { budget.steps = steps }
        if case .whole(let tokens)? = written["tokens"] { budget.tokens = tokens }
        if case .number(let dollars)? = written["cost"] { budget.cost = Int64((dollars * 1_000_000).rounded()) }
        if case .duration(let time)? = written["time"] { budget.time = time }
        if case .whole(let idle)? = written["idle"] { budget.idle = idle }
        return budget
    }

    private mutating func schema(_ key: String) -> (JSON, JSONSchema)? {
        guard case .schema(let schema, let place)? = members[key] else { return nil }
        guard schema["type"]?.string == "object" else {
            problems.error(
                place, key, "is the schema of something else than an object", hint: "begin with type: object")
            return nil
        }
        do throws(GatehouseError) {
            return (schema, try JSONSchema(schema))
        } catch {
            problems.error(place, key, error.message, hint: error.hint)
            return nil
        }
    }
}

/// Why a file is no agent: all that is wrong with it, up to a bound, in the order of the file.
public struct AgentProblems: Error, Sendable, Hashable {
    /// Problems that are told of one file; further ones are counted.
    public static let limit = 50

    public let file: String
    public let problems: [ConfigProblem]
    public let suppressed: Int

    init(file: String, _ problems: Problems) {
        self.file = file
        self.problems = problems.errors.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        suppressed = problems.suppressed
    }

    /// All of them as one error.
    public var failure: GatehouseError {
        if problems.count == 1, suppressed == 0, var only = problems.first {
            let hint = only.hint
            only.hint = nil
            return GatehouseError("agents", .invalid, "\(only)", hint: hint)
        }
        var lines = problems.map { "  \($0)" }
        if suppressed > 0 { lines.append("  and \(suppressed) more") }
        return GatehouseError(
            "agents", .invalid, "\(problems.count + suppressed) problems in \(file)\n\(lines.joined(separator: "\n"))")
    }
}
