import Core
import Policy
import Rego
import TestSupport
import Testing

@Suite struct PolicyFilesTests {
    private func makeTree() throws -> ScratchFolder {
        let tree = ScratchFolder()
        try tree.write("p/policy.rego", "package p\nx := data.limits.max")
        try tree.write("p/top.json", #"{"limits": {"max": 3}}"#)
        try tree.write("p/limits/more.yaml", "min: 1\n")
        try tree.write("p/notes.txt", "nothing")
        try tree.write("one.json", "[1]")
        return tree
    }

    @Test func foldersAndFilesAreMerged() throws {
        let tree = try makeTree()
        let files = try PolicyFiles(loading: ["\(tree.path)/p", "a.b:\(tree.path)/one.json"])
        #expect(files.modules.map(\.path) == ["\(tree.path)/p/policy.rego"])
        #expect(files.data == ["limits": ["max": 3, "min": 1], "a": ["b": [1]]])
        let store = try PolicyStore(files: files)
        #expect(try store.value("p", "x") == 3)
        #expect(store.current.modules.keys.map(\.self) == ["\(tree.path)/p/policy.rego"])
        let without = try PolicyFiles(loading: ["\(tree.path)/p"], excluding: ["limits/**", "*.rego"])
        #expect(without.data == ["limits": ["max": 3]])
        #expect(without.modules.isEmpty)
    }

    @Test func archivesAreTakenApart() throws {
        let tree = ScratchFolder()
        let bundle = Bundle.of("package q\ny := 1", root: "q", data: ["q": ["z": 2]])
        try tree.write("b.tar.gz", try BundleWriter().build(bundle))
        let store = try PolicyStore(files: try PolicyFiles(loading: ["\(tree.path)/b.tar.gz"]))
        #expect(try store.value("q") == ["y": 1, "z": 2])
    }

    @Test func mistakesNameTheirFile() throws {
        let tree = try makeTree()
        func error(_ arguments: String...) -> GatehouseError? {
            failure { _ = try PolicyFiles(loading: arguments) }
        }
        #expect(error("\(tree.path)/one.json")?.hint?.contains("some.path:") == true)
        #expect(error("\(tree.path)/p/notes.txt")?.code == .invalid)
        #expect(error("\(tree.path)/none")?.code == .notFound)
        #expect(error("a:\(tree.path)/one.json", "a:\(tree.path)/one.json")?.code == .conflict)
        try tree.write("p/bad.yaml", "a: [")
        #expect(error("\(tree.path)/p")?.message.contains("bad.yaml") == true)
    }
}
