import JSON
import Schema
import Testing

@testable import Agents

@Suite("The orchestrator") struct OrchestratorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var request: String
        var input: JSON = [:]
        var route: String
        var given: JSON = [:]
        var needs: [String] = []
        var testDescription: String { request }
    }

    static let cases: [Case] = [
        Case(request: "How many critical findings are open?", route: "direct"),
        Case(request: "What is new this week?", route: "direct"),
        Case(request: "Which workflows are there?", route: "direct"),
        Case(request: "hello", route: "direct"),
        Case(request: "keep /srv/shop secure", route: "continuous-assessment", given: ["path": "/srv/shop"]),
        Case(
            request: "Please hold /srv/shop to CIS-AWS", route: "compliance",
            given: ["path": "/srv/shop", "framework": "CIS-AWS"]),
        Case(
            request: "We have been breached: look at /srv/shop.", route: "incident-response",
            given: ["path": "/srv/shop"]),
        Case(request: "fix \"/srv/shop\"", route: "assess-and-fix", given: ["path": "/srv/shop"]),
        Case(request: "upgrade what is old in /srv/shop", route: "fixer", given: ["path": "/srv/shop"]),
        Case(request: "fix what can be fixed", route: "fixer", needs: ["path"]),
        Case(
            request: "Do not fix anything, just assess /srv/shop", route: "explorer", given: ["path": "/srv/shop"]),
        Case(request: "scan /srv/shop without upgrading or fixes", route: "explorer", given: ["path": "/srv/shop"]),
        Case(request: "What do you know about CVE-2021-44228?", route: "librarian", given: ["text": "CVE-2021-44228"]),
        Case(request: "what is the worst risk here", route: "oracle"),
        Case(request: "write the incident down", route: "designer", given: ["kind": "incident"]),
        Case(request: "should this go in?", route: "council", needs: ["proposal"]),
        Case(request: "", input: ["path": "/srv/shop"], route: "explorer", given: ["path": "/srv/shop"]),
        Case(request: "", input: ["proposal": [:]], route: "council", given: ["proposal": [:]]),
    ]

    @Test func itSaysWhoDoesWhat() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository) { house in
            for one in Self.cases {
                let output = try await house.output("orchestrator", one.input, request: one.request)
                #expect(output["route"]?.string == one.route, "\(one.request): \(output)")
                #expect((output["needs"]?.array ?? []).compactMap(\.string) == one.needs, "\(one.request)")
                for (key, value) in one.given.object ?? [:] {
                    #expect(output["input"]?[key] == value, "\(one.request)")
                }
                // What it routes to takes what it passes on.
                guard output["kind"] == "agent", one.needs.isEmpty else { continue }
                let schema = try house.agents.library.agent(named: one.route).inputSchema
                #expect(schema.validate(output["input"] ?? .null) == [], "\(one.request)")
            }
        }
    }

    @Test func aPlainQuestionIsAnsweredAtOnce() async throws {
        let repository = try PlantedRepository(Planted.shop)
        try await repository.advise()
        try await PatternHouse.with(repository) { house in
            let seen = try await house.output("explorer", ["path": .string(repository.root)])
            let result = try await house.run("orchestrator", [:], request: "how many open findings are there?")
            let total = try #require(seen["total"]?.int)
            #expect(result["by"] == "direct" && result["output"]?["answer"]?.string == "\(total) findings are open.")
            let list = try await house.output("orchestrator", [:], request: "list critical findings")
            #expect(list["answer"]?.string?.contains("log4j-core 2.14.1") == true)
        }
    }

    @Test func itsTableOfMembersIsThatOfTheSchemas() throws {
        let library = try AgentLibrary()
        for (agent, members) in Duty.members {
            let properties = try library.agent(named: agent).input["properties"]?.object
            #expect(Set(properties?.keys.map { String($0) } ?? []) == members, "\(agent)")
        }
    }
}
