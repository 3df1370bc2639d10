import Core
import JSON
import Testing

@testable import Gate

@Suite("Actions that are part of another")
struct PartActionTests {
    private func whole(
        hasParts: Bool = true, of tool: String = "world.get", id: String = "test.whole"
    ) -> ScriptedTool {
        var whole = ScriptedTool(id) { _, context in
            let parts = await withTaskGroup(of: PartOutcome.self) { group in
                for key in ["a", ""] {
                    group.addTask {
                        await context.submit(
                            ActionRequest(tool: tool, target: "key:\(key)", arguments: ["key": .string(key)]))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            var errors: [JSON] = []
            for part in parts {
                if case .failure(let error) = part.result { errors.append(.string(error.code.rawValue)) }
            }
            return Answer(["parts": .array(parts.map { .string($0.actionID) }), "errors": .array(errors)])
        }
        whole.descriptor = ToolDescriptor(id: id, title: "", summary: "", effect: .read, hasParts: hasParts)
        return whole
    }

    @Test("Each passes the gate by itself, and says on the record whose part it is")
    func recorded() async throws {
        let house = try await House.open(decider: AllowAll(), tools: [whole()])
        let done = try await house.gate.submit(
            ActionRequest(tool: "test.whole", target: "x"), as: house.caller("ada", "admin"))
        guard case .answered(let id, let answer, _) = done else { throw Unexpected("it waits") }
        #expect(answer.value["errors"] == ["invalid"])
        let parts = (answer.value["parts"]?.array ?? []).compactMap(\.string)
        let stories = try parts.map { try house.story(of: $0) }.sorted { $0.count < $1.count }
        #expect(stories == [["decision refused"], ["intent performing", "outcome done"]])
        let records = try house.records()
        for part in parts {
            #expect(records.allSatisfy { $0["action"]?.string != part || $0["part_of"]?.string == id })
        }
        #expect(records.filter { $0["part_of"] == nil }.allSatisfy { $0["action"]?.string == id })
    }

    @Test("A tool has no parts unless it says so, and no part has parts of its own")
    func bounded() async throws {
        let tools = [whole(hasParts: false), whole(of: "test.other", id: "test.outer"), whole(id: "test.other")]
        let house = try await House.open(decider: AllowAll(), tools: tools)
        for tool in ["test.whole", "test.outer"] {
            let done = try await house.gate.submit(
                ActionRequest(tool: tool, target: "x"), as: house.caller("ada", "admin"))
            guard case .answered(_, let answer, _) = done else { throw Unexpected("it waits") }
            #expect(answer.value["errors"] == ["unsupported", "unsupported"])
        }
        #expect(house.world.log.isEmpty)
    }
}
