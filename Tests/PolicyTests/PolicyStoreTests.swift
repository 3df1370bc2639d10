import Core
import Policy
import Rego
import Testing

@Suite struct PolicyStoreTests {
    static let roles = Bundle.of(
        "package roles\nallow if input.role in data.roles.names", root: "roles", data: ["roles": ["names": ["admin"]]])

    @Test func evaluatesWhatIsActive() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        #expect(try store.value("roles", "allow", input: ["role": "admin"]) == true)
        #expect(try store.value("roles", "allow", input: ["role": "guest"]) == nil)
        #expect(try store.value("roles", "names") == ["admin"])
        #expect(try store.value("roles", input: ["role": "admin"]) == ["allow": true, "names": ["admin"]])
        #expect(store.current.modules.keys.sorted() == ["roles/policy.rego"])
    }

    @Test func answersAnyQuery() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        let answers = try store.current.prepare(query: "x := data.roles.names[i]")
            .evaluate(input: nil, data: store.current.data)
        #expect(answers.values.map(\.self) == [["i": 0, "x": "admin"]])
        #expect(throws: RegoErrors.self) { try store.current.prepare(query: "x :=") }
    }

    @Test func aSnapshotStaysWhatItWas() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        let before = store.current
        try store.activate(.of("package roles\nallow := 7", root: "roles", revision: "2"), as: "roles")
        #expect(try before.evaluate(path: ["roles", "allow"], input: ["role": "admin"]) == true)
        #expect(try store.value("roles", "allow") == 7)
        #expect(before.revision != store.current.revision)
        #expect(store.current.revisions == ["roles": "2"])
    }

    @Test func revisionsFollowContents() throws {
        let first = try PolicyStore(bundles: ["roles": Self.roles])
        let same = try PolicyStore(bundles: ["roles": Self.roles])
        #expect(first.current.revision == same.current.revision)
        #expect(first.current.revision.utf8.count == 64)
        let start = first.current.revision
        try first.put(data: 1, at: ["limit"])
        #expect(first.current.revision != start)
        try first.delete(dataAt: ["limit"])
        #expect(first.current.revision == start)
        var renamed = Self.roles
        renamed.manifest.revision = "other"
        try first.activate(renamed, as: "roles")
        #expect(first.current.revision != start)
        var older = Self.roles
        older.manifest.regoVersion = .v0
        #expect(throws: RegoErrors.self) { try first.activate(older, as: "roles") }
    }

    // MARK: What is refused

    @Test func whatDoesNotCompileChangesNothing() throws {
        let clock = ManualWallClock()
        let store = try PolicyStore(bundles: ["roles": Self.roles], clock: clock)
        let before = store.current
        clock.advance(by: .seconds(60))
        let bad = Bundle.of("package roles\n\nallow if {\n  x > 1\n}", root: "roles", revision: "2")
        let errors = #expect(throws: RegoErrors.self) { try store.activate(bad, as: "roles") }
        #expect(errors?.errors.first?.code == .unsafeVariable)
        #expect(store.current === before)
        let status = try #require(store.status.first)
        #expect(status.activeRevision == "1")
        #expect(status.lastActivation == clock.now() - .seconds(60))
        #expect(status.failure?.time == clock.now())
        #expect(status.failure?.problems.first?.file == "roles/policy.rego")
        #expect(status.failure?.problems.first?.row == 4)
        #expect(status.failure?.error.description.contains("roles/policy.rego:4") == true)
        try store.activate(Self.roles, as: "roles")
        #expect(store.status.first?.failure == nil)
    }

    @Test func allMistakesAreNamed() throws {
        let store = try PolicyStore()
        let bundle = Bundle(
            modules: [
                PolicyModule(path: "a.rego", text: "package a\np if ("), PolicyModule(path: "b.rego", text: "pack"),
                PolicyModule(path: "c.rego", text: [0x70, 0xFF, 0xFE]),
            ])
        let errors = #expect(throws: RegoErrors.self) { try store.activate(bundle, as: "x") }
        #expect(errors?.errors.map(\.file) == ["x/a.rego", "x/b.rego", "x/c.rego"])
        #expect(store.status.map(\.name) == ["x"])
        #expect(store.status.first?.activeRevision == nil)
    }

    @Test func overlappingRootsAreRefused() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        for root in ["", "roles", "roles/admin", "/roles/"] {
            let text = "package roles.admin\nx := 1"
            let error = failure { try store.activate(.of(text, root: root), as: "other") }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains("bundle roles") == true)
        }
        try store.activate(.of("package rolesx\nx := 1", root: "rolesx"), as: "other")
        #expect(store.current.revisions.keys.sorted() == ["other", "roles"])
        let twice = Bundle(manifest: .init(roots: ["a/b", "a"]))
        #expect(failure { try store.activate(twice, as: "twice") }?.message.contains("overlap") == true)
    }

    @Test func policyAndDataStayInTheirRoots() throws {
        let store = try PolicyStore()
        let module = Bundle.of("package b\nx := 1", root: "a")
        #expect(failure { try store.activate(module, as: "x") }?.message.contains("package b lies outside") == true)
        for data: RegoValue in [["b": 1], ["a": ["c": 1]], ["a": 1], 1, ["a": ["b": 1], "z": [:]]] {
            let bundle = Bundle(manifest: .init(roots: ["a/b"]), data: data)
            #expect(failure { try store.activate(bundle, as: "x") }?.code == .invalid, "\(data)")
        }
        try store.activate(Bundle(manifest: .init(roots: ["a/b"]), data: ["a": ["b": 1]]), as: "x")
        #expect(try store.value("a", "b") == 1)
    }

    @Test func rulesAndDataDoNotShadowEachOther() throws {
        let store = try PolicyStore()
        let bundle = Bundle.of("package a\n\nx := 1", root: "a", data: ["a": ["x": 2]])
        let errors = #expect(throws: RegoErrors.self) { try store.activate(bundle, as: "a") }
        #expect(errors?.errors.first?.message == "conflicting rule for data path a/x found")
        #expect(errors?.errors.first?.row == 3)
        #expect(errors?.errors.first?.line == "x := 1")
        try store.put(module: Array("package b\np.q contains 1".utf8), id: "b")
        #expect(throws: RegoErrors.self) { try store.put(data: ["q": 1], at: ["b", "p"]) }
        try store.put(data: 5, at: ["b", "p", "r"])
        #expect(try store.value("b") == ["p": ["q": .set([1]), "r": 5]])
    }

    @Test func requiredEntryPointsMustBeThere() throws {
        let options = PolicyOptions(requiredEntryPoints: ["roles/allow"])
        #expect(failure { _ = try PolicyStore(options: options) }?.message.contains("data.roles.allow") == true)
        let store = try PolicyStore(options: options, bundles: ["roles": Self.roles])
        #expect(failure { try store.deactivate("roles") }?.message.contains("data.roles.allow") == true)
        #expect(try store.value("roles", "allow", input: ["role": "admin"]) == true)
        #expect(store.status.first?.failure != nil)
    }

    @Test func bundlesThatNeedEachOtherComeTogether() throws {
        let store = try PolicyStore()
        let library = Bundle.of("package lib\ndouble(x) := x * 2", root: "lib")
        let user = Bundle.of("package use\nfour := data.lib.double(2)", root: "use")
        #expect(throws: RegoErrors.self) { try store.activate(user, as: "use") }
        try store.activate(["use": user, "lib": library])
        #expect(try store.value("use", "four") == 4)
        #expect(throws: RegoErrors.self) { try store.deactivate("lib") }
        try store.deactivate("use")
        try store.deactivate("lib")
        #expect(failure { try store.deactivate("lib") }?.code == .notFound)
        #expect(store.status.isEmpty)
    }

    // MARK: By themselves

    @Test func modulesAreManagedByThemselves() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        try store.put(module: Array("package mine\nx := 1".utf8), id: "mine")
        try store.put(module: Array("package mine\nx := 2".utf8), id: "mine")
        #expect(try store.value("mine", "x") == 2)
        let theirs = Array("package roles.more\nx := 1".utf8)
        #expect(failure { try store.put(module: theirs, id: "more") }?.code == .conflict)
        #expect(failure { try store.put(module: [], id: "roles/policy.rego") }?.code == .conflict)
        #expect(failure { try store.delete(module: "roles/policy.rego") }?.code == .conflict)
        #expect(failure { try store.delete(module: "other") }?.code == .notFound)
        try store.delete(module: "mine")
        #expect(try store.value("mine") == nil)
    }

    @Test func dataIsManagedByPath() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        try store.put(data: ["b": [1, 2]], at: ["a"])
        try store.put(data: 3, at: ["a", "c", "d"])
        #expect(try store.value("a") == ["b": [1, 2], "c": ["d": 3]])
        #expect(failure { try store.put(data: 1, at: ["a", "b", "x"]) }?.code == .conflict)
        #expect(failure { try store.put(data: 1, at: ["roles", "x"]) }?.code == .conflict)
        #expect(failure { try store.put(data: [:], at: []) }?.code == .conflict)
        #expect(failure { try store.delete(dataAt: ["a", "x"]) }?.code == .notFound)
        try store.delete(dataAt: ["a", "b"])
        #expect(try store.value("a") == ["c": ["d": 3]])
        #expect(failure { try store.activate(.of("package a", root: "a"), as: "a") }?.code == .conflict)
    }

    @Test func dataAloneCompilesNothingAnew() throws {
        let store = try PolicyStore(bundles: ["roles": Self.roles])
        for count in 0..<200 { try store.put(data: .init(count), at: ["counter"]) }
        #expect(try store.value("counter") == 199)
        #expect(store.current.data.size < 1000)
    }

    @Test func sizesAreBounded() throws {
        var options = PolicyOptions()
        options.moduleBytes = 30
        options.dataBytes = 50
        let store = try PolicyStore(options: options)
        let long = Array("package long_name_of_a_package\nx := 1".utf8)
        #expect(failure { try store.put(module: long, id: "long") }?.code == .tooLarge)
        let text = RegoValue(String(repeating: "x", count: 60))
        #expect(failure { try store.put(data: text, at: ["x"]) }?.code == .tooLarge)
        let deep = (0..<300).map { "s\($0)" }
        #expect(failure { try store.put(data: 1, at: deep) }?.code == .tooLarge)
    }
}

@Suite struct RevisionTests {
    /// The same policy and data have the same revision by whatever way they came; any other has another.
    @Test func revisionsAreOfContentsAlone() throws {
        let (first, second) = (try PolicyStore(), try PolicyStore())
        try first.put(data: ["a": ["b": 1, "c": 2], "d": [3]], at: [])
        for (path, value) in [(["d"], [3]), (["a", "c"], 7), (["x"], 1), (["a", "b"], 1)] as [([String], RegoValue)] {
            try second.put(data: value, at: path)
        }
        #expect(first.current.revision != second.current.revision)
        try second.delete(dataAt: ["x"])
        try second.put(data: 2, at: ["a", "c"])
        #expect(first.current.data == second.current.data)
        #expect(first.current.revision == second.current.revision)
        try first.put(data: [:], at: [])
        try second.delete(dataAt: [])
        #expect(try first.current.revision == PolicyStore().current.revision)
        #expect(first.current.revision == second.current.revision)
    }

    @Test func partsDoNotRunTogether() throws {
        var seen: Set<String> = []
        let modules = [("a", "package p\n"), ("ap", "ackage p\n")]
        for (path, text) in modules {
            let bundle = Bundle(modules: [PolicyModule(path: path, text: text)])
            if let store = try? PolicyStore(bundles: ["b": bundle]) { seen.insert(store.current.revision) }
        }
        for bundles in [["a": "1", "b": "2"], ["a": "12", "b": ""], ["ab": "12"], ["a": "2", "b": "1"]] {
            let store = try PolicyStore(
                bundles: bundles.reduce(into: [:]) {
                    $0[$1.key] = Bundle(manifest: .init(revision: $1.value, roots: [$1.key]))
                })
            #expect(seen.insert(store.current.revision).inserted)
        }
    }
}
