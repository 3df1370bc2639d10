import Core
import Gate
import JSON
import Store
import Testing

@testable import Scan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct AssessRootsTests {
    private let tree: TestTree
    private let inside: String

    init() throws {
        tree = TestTree()
        inside = tree.root + "/repositories"
        tree.write("repositories/shop/a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("repositories-other/a.py", "k = '\(Fake.awsKey)'\n")
        tree.write("secret/a.py", "k = '\(Fake.awsKey)'\n")
        symlink("../../secret", inside + "/shop/link")
        symlink("repositories", tree.root + "/alias")
    }

    private func admitted(_ path: String, by roots: [String]? = nil) -> String? {
        try? AssessRoots(roots ?? [inside]).admit(path)
    }

    @Test func whatLiesInARootIsAdmittedWithItsLinksResolved() {
        #expect(admitted(inside) == inside)
        #expect(admitted(inside + "/shop/") == inside + "/shop")
        #expect(admitted(inside + "/shop/a.py") == inside + "/shop/a.py")
        #expect(admitted(tree.root + "/alias/shop") == inside + "/shop")
        #expect(admitted(inside + "/shop", by: ["/nowhere", tree.root + "/alias"]) == inside + "/shop")
        #expect(admitted("/etc", by: ["/"]) == "/etc")
        #expect(admitted("/", by: ["/"]) == "/")
    }

    @Test func whatLiesElsewhereIsNot() {
        let paths = [
            "/", "/etc/passwd", tree.root, tree.root + "/repositories-other", inside + "/../secret",
            inside + "/shop/link", inside + "/shop/link/a.py", "repositories", "", inside + "/nothing",
            "/proc/self/root" + tree.root + "/secret",
        ]
        for path in paths { #expect(admitted(path) == nil, "\(path)") }
        #expect(admitted(inside, by: []) == nil)
        #expect(admitted(inside, by: ["", "/nowhere"]) == nil)
    }

    @Test func pathsAreToldApartByTheirBytes() {
        tree.folder("caf\u{E9}/x")
        tree.folder("cafe\u{301}/x")
        #expect(admitted(tree.root + "/cafe\u{301}/x", by: [tree.root + "/caf\u{E9}"]) == nil)
        #expect(admitted(tree.root + "/caf\u{E9}/x", by: [tree.root + "/caf\u{E9}"]) != nil)
    }

    @Test func whatIsThereIsNotTold() throws {
        func words(_ path: String) -> String? {
            do { _ = try AssessRoots([inside]).admit(path) } catch {
                return error.description.replacing(path, with: "PATH")
            }
            return nil
        }
        #expect(words("/etc/passwd") == words("/etc/nothing-of-the-kind"))
        #expect(words("/etc")?.contains("assess.roots") == true)
    }

    // MARK: - The tool

    private func perform(_ arguments: JSON, isLocal: Bool, roots: [String]) async throws -> Answer {
        let data = TestTree()
        let store = try Store.open(path: data.root + "/scan.db", migrations: Scan.migrations)
        let tool = AssessTool(
            assessor: try assessor.get(), findings: FindingsStore(store, version: "1"), roots: AssessRoots(roots))
        let action = Action(id: "act_1", tool: AssessTool.id, target: "repo:x", arguments: arguments)
        return try await tool.perform(action, in: .ofAda(isLocal: isLocal))
    }

    private func code(_ arguments: JSON, isLocal: Bool = false, roots: [String]? = nil) async -> GatehouseError.Code? {
        do {
            _ = try await perform(arguments, isLocal: isLocal, roots: roots ?? [inside])
            return nil
        } catch { return (error as? GatehouseError)?.code ?? .internal }
    }

    @Test func callersFromElsewhereNameWhatLiesInARoot() async throws {
        let answer = try await perform(["path": .string(inside + "/shop")], isLocal: false, roots: [inside])
        #expect(answer.value["findings"]?[0]?["rule"] == "aws-access-key-id")
        #expect(await code(["path": .string(tree.root + "/secret")]) == .denied)
        #expect(await code(["path": .string(inside + "/shop")], roots: []) == .denied)
        #expect(await code(["path": .string(tree.root + "/secret")], isLocal: true, roots: []) == nil)
    }

    @Test func aBaselineIsReadFromARootOnly() async throws {
        tree.write("repositories/known.json", "{}")
        tree.write("secret/known.json", "{}")
        let path = JSON.string(inside + "/shop")
        #expect(await code(["path": path, "baseline": .string(tree.root + "/secret/known.json")]) == .denied)
        #expect(await code(["path": path, "baseline": .string(inside + "/known.json")]) != .denied)
    }

    @Test(arguments: ["ssh://git@host.invalid/x", "git@host.invalid:x", "file:///etc"])
    func fromElsewhereNothingIsFetchedWithKeysOrFromFiles(url: String) async throws {
        #expect(await code(["url": .string(url)], roots: ["/"]) == .denied)
    }

    @Test func httpsIsFetchedFromAnywhere() throws {
        var arguments = try AssessArguments(["url": "https://git.example.org/shop.git"], limits: .standard)
        try arguments.confine(to: AssessRoots())
        #expect(arguments.place == .url(try GitURL("https://git.example.org/shop.git")))
    }
}
