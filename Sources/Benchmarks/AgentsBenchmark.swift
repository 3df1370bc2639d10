import Agents
import JSON

/// Reading an agent's file, its two schemas included.
enum AgentsBenchmark {
    static let repetitions = 100

    static func run() throws -> [Figure] {
        let bytes = Array(file.utf8)
        let reading = try Spent.median(repetitions: repetitions) {
            keep(try AgentReader.read(bytes, file: "agent.yaml"))
        }
        return [
            Figure(
                name: "agents: reading a definition of \(bytes.count) bytes", value: reading.cpu * 1000, unit: "ms CPU",
                goal: .atMost(5))
        ]
    }

    /// Forty members each for input and output.
    private static var file: String {
        let members = (0..<40).map { "    member\($0): {type: array, maxItems: 100, items: {type: string}}" }
        let schema = "\n  type: object\n  properties:\n\(members.joined(separator: "\n"))"
        return """
            name: measured
            title: Measured
            duty: Is read again and again.
            procedure: measure
            tools: [scan.assess, scan.threats, findings.list]
            labels: [untrusted]
            budget: {steps: 12, tokens: 60000, cost: 1.00, time: 10m, idle: 3}
            input: \(schema)
            output: \(schema)

            """
    }
}
