import Foundation
import JSON
import Testing

/// `gatehouse ask`, `chat` and `agent` as a person runs them.
@Suite struct ConversationCommandTests {
    let program: Program
    init() throws { program = try Program() }

    private func shop() throws -> String {
        let file = try program.write("shop/Dockerfile", "FROM debian:12\nCMD [\"sleep\", \"9\"]\n")
        return URL(fileURLWithPath: file).deletingLastPathComponent().path
    }

    @Test func whatReadsIsDoneAndWhatChangesIsOnlyShown() throws {
        defer { program.remove() }
        let shop = try shop()
        let asked = try program.run("ask", "--json", "assess and fix \(shop)")
        let reply = try JSON.parse(asked.output)
        #expect(asked.status == 0 && reply["plan"]?["tool"] == "workflow.run", "\(asked.output)\(asked.errors)")
        #expect(try program.run("workflow", "runs", "--json").output.contains("run_") == false)
        let talk = try program.run("chat", input: "list the workflows\nassess and fix \(shop)\nno\n\n")
        #expect(talk.status == 0 && talk.output.contains("weekly-digest"), "\(talk.output)\(talk.errors)")
        #expect(try program.run("workflow", "runs", "--json").output.contains("run_") == false)
        #expect(try program.run("ask", String(repeating: "x", count: 5000)).status == 2)
        #expect(try program.run("ask").status == 2)
    }

    @Test func agentsAreListedAndWorkWithoutAModel() throws {
        defer { program.remove() }
        let list = try program.run("agent", "list")
        #expect(list.status == 0 && list.output.contains("explorer"), "\(list.output)\(list.errors)")
        let input = "{\"path\": \"\(try shop())\"}"
        let map = try program.run("agent", "run", "explorer", "what", "is", "here", "--input", input)
        #expect(map.status == 0 && map.errors.contains("explorer by procedure"), "\(map.errors)")
        #expect(try JSON.parse(map.output)["findings"]?.array?.isEmpty == false, "\(map.output)")
        #expect(try program.run("agent", "run", "explorer", "--input", "[1]").status == 2)
        let near = try program.run("agent", "run", "explorr")
        #expect(near.status == 2 && near.errors.contains("did you mean \"explorer\"?"), "\(near.errors)")
        let schema = try JSON.parse(try program.run("agent", "schema").output)
        #expect(schema["title"] == "An agent of Gatehouse")
    }
}
