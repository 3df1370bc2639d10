import Testing

@testable import Rego

/// Syntax trees, annotations and what else is read beside rules.
struct SyntaxTests {
    private func module(_ text: String, _ version: RegoVersion = .v1) throws -> Module {
        try Parser.module(SourceText(name: "m.rego", bytes: Array(text.utf8)), version: version)
    }

    @Test
    func treesHaveTheirPlaces() throws {
        let module = try module(
            "package a.b[\"c d\"]\n\nimport data.x as y\n\np[1].q := {\n\t\"k\": y.z,\n} if input.e")
        #expect(module.package == ["a", "b", "c d"])
        #expect(module.imports[0].name == "y")
        let rule = try #require(module.rules.first)
        #expect(rule.place == SourcePlace(row: 5, column: 1, offset: 40))
        #expect(rule.value?.place.row == 5)
    }

    @Test
    func annotationsGoToTheirRules() throws {
        let module = try module(
            """
            # METADATA
            # description: |
            #   two
            #   lines
            # organizations: [x, y]
            package a

            # METADATA
            # entrypoint: true
            # authors:
            # - Jo <jo@example.com>
            # - name: Al
            # related_resources:
            # - https://example.com
            # custom:
            #   nested: {"a": [1, 2]}
            #   list:
            #     - x: 1
            #       y: 'two'
            p := 1
            """)
        #expect(module.annotations.map(\.scope) == ["package", "document"])
        #expect(module.annotations[0].value.object?["description"] == "two\nlines\n")
        let wanted = RegoValue(
            term: """
                {"authors": [{"email": "jo@example.com", "name": "Jo"}, {"name": "Al"}],
                "custom": {"list": [{"x": 1, "y": "two"}], "nested": {"a": [1, 2]}},
                "entrypoint": true, "related_resources": [{"ref": "https://example.com"}], "scope": "document"}
                """)
        #expect(module.annotations[1].value == wanted)
        #expect(module.annotations[1].rule == 0)
    }

    @Test
    func blocksOfAnnotationsEnd() throws {
        let module = try module(
            "package a\n# METADATA\n# title: x\n# METADATA\n# scope: document\np if { # y\n true\n}")
        #expect(module.annotations.map(\.scope) == ["rule", "document"])
    }

    @Test(arguments: ["a: [1", "a:\n - b\n  c", "\"", "scope: nowhere"])
    func badAnnotationsAreRefused(_ text: String) {
        let lines = text.split(separator: "\n").map { "# \($0)" }.joined(separator: "\n")
        #expect(throws: RegoError.self) { try module("package a\n# METADATA\n\(lines)\np := 1") }
    }

    @Test
    func termsAreConstants() {
        #expect(RegoValue(term: "{\"a\": {1, 2}, [1]: set()}")?.description == "{\"a\": {1, 2}, [1]: set()}")
        #expect(RegoValue(term: "1 + 1") == nil)
        #expect(RegoValue(term: "[1, x]") == nil)
        #expect(RegoValue(term: "[1") == nil)
    }

    @Test
    func syntaxTreesAreOPAs() throws {
        let tree = try module("package a\np := count(input.x) if not q").syntaxTree
        let wanted = RegoValue(
            term: """
                {"package": {"path": [{"type": "var", "value": "data"}, {"type": "string", "value": "a"}]},
                "rules": [{
                "head": {"name": "p", "ref": [{"type": "var", "value": "p"}],
                "value": {"type": "call", "value": [{"type": "ref", "value": [{"type": "var", "value": "count"}]},
                {"type": "ref", "value": [{"type": "var", "value": "input"}, {"type": "string", "value": "x"}]}]}},
                "body": [{"index": 0, "negated": true, "terms": {"type": "var", "value": "q"}}]}]}
                """)
        #expect(tree == wanted, "\(tree)")
    }
}
