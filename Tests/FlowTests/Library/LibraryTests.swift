import Core
import Flow
import Foundation
import Gate
import JSON
import Testing

/// The workflows that can be run, by name.
@Suite struct LibraryTests {
    private let folder: String
    init() throws {
        folder = "/tmp/gh-flow-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: "\(folder)/in", withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder)/in/\(name)", atomically: true, encoding: .utf8)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func plain(_ name: String, _ step: String = "wait_for: {time: 1s}") -> String {
        "name: \(name)\nsteps: [{id: x, \(step)}]\n"
    }

    /// Of the folder's files.
    private func own(_ library: WorkflowLibrary) -> [WorkflowEntry] {
        library.entries.filter { $0.origin != .builtIn }
    }

    @Test func aBrokenFileIsListedAndTakesNoneDown() throws {
        defer { remove() }
        try write("good.yaml", plain("good"))
        try write("also.json", #"{"name": "also", "steps": [{"id": "x", "wait_for": {"time": "1s"}}]}"#)
        try write("broken.yml", "name: broken\nsteps: [{id: x, ues: y}]\n")
        try write("notes.txt", "not one of them")
        try write(".hidden.yaml", "not one of them")
        let library = try WorkflowLibrary(folder: "\(folder)/in")
        #expect(own(library).map(\.name) == ["also", "broken", "good"])
        #expect(own(library).map(\.isRunnable) == [true, false, true])
        #expect(library.entries.map(\.name) == library.entries.map(\.name).sorted())
        #expect(own(library)[1].problems.contains { $0.message == "unknown key" && $0.place.line == 2 })
        #expect(try library.workflow(named: "good").steps.count == 1)
        let broken = #expect(throws: GatehouseError.self) { try library.workflow(named: "broken") }
        #expect(broken?.code == .invalid && broken?.message.contains("in/broken.yml:2:") == true)
        let unknown = #expect(throws: GatehouseError.self) { try library.workflow(named: "god") }
        #expect(unknown?.code == .notFound && unknown?.hint == "did you mean \"good\"?")
    }

    @Test func aReloadTakesUpWhatChangedAndKeepsWhatWas() throws {
        defer { remove() }
        let library = try WorkflowLibrary(folder: "\(folder)/in")
        let builtIn = library.workflows.map(\.name)
        #expect(builtIn == ["assess-and-fix", "weekly-digest"])
        try write("a.yaml", plain("a"))
        try library.reload()
        #expect(library.workflows.map(\.name) == ["a"] + builtIn)
        try FileManager.default.removeItem(atPath: "\(folder)/in/a.yaml")
        try library.reload()
        #expect(library.workflows.map(\.name) == builtIn)
        #expect(try WorkflowLibrary(folder: "\(folder)/none").workflows.map(\.name) == builtIn)
        #expect(try WorkflowLibrary(folder: nil).workflows.map(\.name) == builtIn)
    }

    @Test func aLinkLeadsNowhereElse() throws {
        defer { remove() }
        try plain("outside").write(toFile: "\(folder)/outside.yaml", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: "\(folder)/in/..data", withIntermediateDirectories: true)
        try write("..data/inside.yaml", plain("inside"))
        let links = ["out.yaml": "../outside.yaml", "inside.yaml": "..data/inside.yaml", "gone.yaml": "nowhere"]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/in/\(name)", withDestinationPath: target)
        }
        let library = try WorkflowLibrary(folder: "\(folder)/in")
        #expect(own(library).map(\.name) == ["gone", "inside", "out"])
        #expect(own(library).map(\.isRunnable) == [false, true, false])
        #expect(own(library).last?.problems.first?.message.contains("leads out of the folder") == true)
        #expect(own(library).last?.workflow == nil)
    }

    @Test func aNameIsTakenOnce() throws {
        defer { remove() }
        try write("1.yaml", plain("same"))
        try write("2.yaml", plain("same"))
        try write("3.yaml", plain("assess-and-fix"))
        let library = try WorkflowLibrary(folder: "\(folder)/in")
        let told = library.entries.filter { !$0.isRunnable }.flatMap(\.problems).map(\.message)
        #expect(told.count == 2)
        #expect(told.contains { $0.contains("is the name of the built-in assess-and-fix already") })
        #expect(try library.workflow(named: "same").name == "same")
    }

    @Test func whatRunsABrokenOneIsBrokenToo() throws {
        defer { remove() }
        try write("top.yaml", plain("top", "workflow: middle"))
        try write("middle.yaml", plain("middle", "workflow: bottom"))
        try write("bottom.yaml", plain("bottom", "uses: no.tool"))
        try write("fine.yaml", plain("fine", "workflow: leaf"))
        try write("leaf.yaml", plain("leaf"))
        let library = try WorkflowLibrary(folder: "\(folder)/in", tools: [])
        #expect(library.workflows.map(\.name) == ["fine", "leaf"])
        let messages = library.entries.flatMap(\.problems).map(\.message)
        #expect(
            messages.contains("there is no workflow \"middle\"") && messages.contains("there is no tool \"no.tool\""))
    }

    @Test func filesAreBounded() throws {
        defer { remove() }
        try write("large.yaml", plain("large") + String(repeating: "#", count: 1 << 20))
        for index in 0..<505 { try write("m\(index).yaml", plain("m\(index)")) }
        let library = try WorkflowLibrary(folder: "\(folder)/in")
        #expect(own(library).count(where: \.isRunnable) == 499)
        let told = library.entries.flatMap(\.problems).map(\.message)
        #expect(told.contains { $0.contains("is larger than 1048576 bytes") })
        #expect(told.contains { $0.contains("holds more than 500 files") })
    }
}
