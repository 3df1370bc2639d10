import Hub

/// Learning what can be said, which is done at the first text after a start, and making something of a text.
enum HubBenchmark {
    static func run() async throws -> [Figure] {
        var learned: (any Understander)?
        let training = try await Spent.measure { learned = try await Hub.understander() }
        guard let learned else { return [] }
        let texts = ["show critical findings of shop", "could you perhaps look whether anything is out of date"]
        let understanding = try await Spent.measure {
            for _ in 0..<100 { for text in texts { keep(try await learned.understand(text, knowing: [])) } }
        }
        return [
            Figure(
                name: "hub: learning what can be said", value: training.cpu, unit: "s CPU", goal: .atMost(2)),
            Figure(
                name: "hub: understanding a text", value: understanding.cpu / 200 * 1000, unit: "ms CPU",
                goal: .atMost(2)),
        ]
    }
}
