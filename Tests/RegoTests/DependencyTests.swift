import Testing

@testable import Rego

struct DependencyTests {
    private func of(_ query: String) throws -> Dependencies.Documents {
        var compiler = Compiler()
        try compiler.add(
            module: """
                package app
                import data.lib

                allow if {
                	role := data.roles[input.user]
                	some grant in data.grants[role]
                	lib.matches(grant, input.request)
                	not denied
                }

                denied if input.user in data.config.blocked
                names := {name | some name, _ in data.roles}
                tag := data.lib["x-y"].z
                """, name: "app.rego")
        try compiler.add(
            module: """
                package lib
                matches(grant, request) if {
                	grant.action == request.action
                	every label in grant.labels { label in data.labels }
                }
                unused if input.nothing
                """, name: "lib.rego")
        return try Dependencies(compiler).of(query: query)
    }

    @Test func rulesAreFollowedToTheDocumentsBelow() throws {
        let all = try of("data.app.allow == true")
        #expect(all.virtual == ["data.app.allow", "data.app.denied", "data.lib.matches"])
        #expect(
            all.base == [
                "data.config.blocked", "data.grants", "data.labels", "data.roles", "input.request", "input.user",
            ])
    }

    @Test func packagesAreAllTheirRules() throws {
        let lib = try of("x = data.lib")
        #expect(lib.virtual == ["data.lib.matches", "data.lib.unused"])
        #expect(lib.base == ["data.labels", "data.lib", "input.nothing"])
        let unknown = try of("data.app[x]")
        #expect(unknown.virtual.contains("data.app.names") && unknown.base.contains("data.app"))
    }

    @Test func theLargerDocumentStandsForWhatItContains() throws {
        #expect(try of("input.a.b; input.a; input.c").base == ["input.a", "input.c"])
        #expect(try of("x := input; x.y; input.z").base == ["input"])
        #expect(try of("data.app.tag").base == ["data.lib[\"x-y\"].z"])
        #expect(try of("data.other.x[1].y").base == ["data.other.x"])
        #expect(try of("1 + 1 == 2") == Dependencies.Documents(base: [], virtual: []))
    }

    @Test func aPathIsADocument() throws {
        var compiler = Compiler()
        try compiler.add(module: "package a.b\n\nx if input[\"user-id\"]", name: "m.rego")
        let dependencies = Dependencies(compiler)
        let expected = Dependencies.Documents(base: ["input[\"user-id\"]"], virtual: ["data.a.b.x"])
        #expect(try dependencies.of(path: ["a", "b", "x"]) == expected)
        #expect(try dependencies.of(path: ["a"]).virtual == ["data.a.b.x"])
        #expect(throws: RegoErrors.self) { try dependencies.of(query: "x >") }
        #expect(throws: RegoErrors.self) { try dependencies.of(query: "x > 1") }
    }
}
