import Core
import Flow
import Gate
import Testing

@testable import Agents

@Suite("What Gatehouse brings along") struct DefinitionsTests {
    @Test func theSevenAreThereAndEachHasItsProcedure() throws {
        let library = try AgentLibrary()
        #expect(library.entries.compactMap(\.problem) == [])
        #expect(
            library.definitions.map(\.name) == [
                "council", "designer", "explorer", "fixer", "librarian", "oracle", "orchestrator",
            ])
        #expect(Set(library.definitions.map(\.procedure)) == Set(Procedures.all.map(\.name)))
        #expect(Procedures.all.count == 7)
    }

    @Test func noneOfThemMayChangeAnything() async throws {
        let repository = try PlantedRepository([:])
        try await PatternHouse.with(repository) { house in
            let effects = house.effects
            for definition in house.agents.library.definitions {
                for tool in definition.tools where tool != "mcp.call" {
                    #expect(effects[tool] == .read, "\(definition.name) calls \(tool)")
                }
            }
        }
    }

    @Test func theWorkflowsFitTheToolsAndEachChangePassesByPeople() async throws {
        let repository = try PlantedRepository([:])
        try await PatternHouse.with(repository) { house in
            let library = try WorkflowLibrary(
                folder: nil, tools: house.gate.tools.descriptors, builtIn: AgentWorkflows.all)
            let mine = Set(AgentWorkflows.all.map(\.name))
            #expect(mine == ["compliance", "continuous-assessment", "incident-response"])
            for name in mine { #expect(throws: Never.self) { try library.workflow(named: name) } }
            for workflow in library.workflows where mine.contains(workflow.name) {
                let kinds = workflow.steps.map(\.kind)
                let asks = kinds.firstIndex { if case .approval = $0 { true } else { false } }
                #expect(asks != nil, "\(workflow.name)")
                for (place, kind) in kinds.enumerated() {
                    guard case .action(let action) = kind,
                        house.effects[action.tool] != .read
                    else { continue }
                    #expect(asks.map { $0 < place } == true, "\(workflow.name) calls \(action.tool)")
                }
            }
        }
    }

    @Test func aNameIsWhoseItWasFirst() throws {
        let mine = BuiltInWorkflow("mine", Array("name: compliance\nsteps: [{id: x, wait_for: {time: 1s}}]\n".utf8))
        let library = try WorkflowLibrary(folder: nil, builtIn: AgentWorkflows.all + [mine])
        #expect(try library.workflow(named: "compliance").steps.count > 1)
        #expect(library.entries.count { !$0.isRunnable } == 1)
    }
}
