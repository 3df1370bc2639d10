import Core
import Foundation
import TestSupport
import Testing

@testable import Agents

/// The agents that there are, by name.
@Suite struct AgentLibraryTests {
    private func library(_ folder: String?) throws -> AgentLibrary {
        try AgentLibrary(folder: folder, builtIn: [("teller", Array(Sample.file().utf8))], procedures: [Told()])
    }

    private func write(_ name: String, _ text: String, in folder: ScratchFolder) throws {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }

    @Test func aBrokenFileIsListedAndTakesNoneDown() throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        try write("own.yaml", Sample.file(name: "own"), in: folder)
        try write("broken.yml", "name: broken\nduty: x\ntols: []\n", in: folder)
        try write("lost.yaml", Sample.file(name: "lost", procedure: "tel"), in: folder)
        try write("teller.yaml", Sample.file(tools: ["bank.pay"]), in: folder)
        try write("notes.txt", "none of them", in: folder)
        try write(".hidden.yaml", "none of them", in: folder)
        let library = try library(folder.path)
        #expect(library.entries.map(\.name) == ["broken", "lost", "own", "teller", "teller"])
        #expect(library.definitions.map(\.name) == ["own", "teller"])
        #expect(try library.agent(named: "teller").tools == ["shop.look", "shop.list"])
        let broken = #expect(throws: GatehouseError.self) { try library.agent(named: "broken") }
        #expect(broken?.message.contains("broken.yml:3:1: tols: unknown key") == true)
        let lost = #expect(throws: GatehouseError.self) { try library.agent(named: "lost") }
        #expect(lost?.code == .invalid && lost?.hint == "did you mean \"tell\"?")
        let unknown = #expect(throws: GatehouseError.self) { try library.agent(named: "tellar") }
        #expect(unknown?.code == .notFound && unknown?.hint == "did you mean \"teller\"?")
        let second = library.entries.first { $0.name == "teller" && $0.definition?.tools == ["bank.pay"] }
        #expect(second?.problem?.message.contains("is the name of the built-in teller already") == true)
    }

    @Test func aReloadTakesUpWhatChanged() throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let library = try library(folder.path)
        #expect(library.definitions.count == 1)
        try write(
            "own.json",
            #"{"name": "own", "title": "t", "duty": "d", "procedure": "tell", "#
                + #""input": {"type": "object"}, "output": {"type": "object"}}"#, in: folder)
        try library.reload()
        #expect(library.definitions.map(\.name) == ["own", "teller"])
        #expect(try self.library("\(folder.path)/none").definitions.count == 1)
    }

    @Test func aLinkThatLeadsOutIsNotRead() throws {
        let (folder, other) = (ScratchFolder(), ScratchFolder())
        defer {
            folder.remove()
            other.remove()
        }
        try write("own.yaml", Sample.file(name: "own"), in: other)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("own.yaml"), withDestinationPath: other.file("own.yaml"))
        let library = try library(folder.path)
        #expect(library.definitions.map(\.name) == ["teller"])
        #expect(library.entries.first?.problem?.code == .denied)
    }

    /// Whatever Gatehouse brings along can be run.
    @Test func theBuiltInAgentsAreRight() throws {
        #expect(try AgentLibrary().entries.allSatisfy { $0.problem == nil })
    }
}
