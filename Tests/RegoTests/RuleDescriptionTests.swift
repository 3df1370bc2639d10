import Rego
import Testing

struct RuleDescriptionTests {
    private static let module = """
        # METADATA
        # scope: package
        # title: The application
        package app.web

        # METADATA
        # title: Who may enter
        # description: Administrators, at any time.
        # custom:
        #   severity: high
        allow if input.admin

        # METADATA
        # scope: document
        # title: Why not
        # entrypoint: true
        deny contains "late" if input.hour > 20

        deny contains "early" if {
        	input.hour < 6
        }

        default f(_) := 1
        """

    @Test func rulesAreDescribedByWhatIsClosest() throws {
        var compiler = Compiler()
        try compiler.add(module: "# METADATA\n# scope: subpackages\n# title: All\npackage app", name: "root.rego")
        try compiler.add(module: Self.module, name: "web.rego")
        let rules = compiler.ruleDescriptions
        #expect(
            rules.map(\.name) == ["data.app.web.allow", "data.app.web.deny", "data.app.web.deny", "data.app.web.f"])
        #expect(rules.map(\.row) == [11, 17, 19, 23])
        #expect(rules.allSatisfy { $0.file == "web.rego" && $0.column == 1 })
        #expect(rules[0].title == "Who may enter")
        #expect(rules[0].description == "Administrators, at any time.")
        #expect(rules[0].custom?["severity"] == "high")
        #expect(!rules[0].isEntrypoint)
        #expect(rules[0].annotations.map(\.scope) == ["rule", "package", "subpackages"])
        #expect(rules[0].annotations.map(\.row) == [6, 1, 1])
        #expect(rules[0].annotations.last?.file == "root.rego")
        #expect(rules[2].title == "Why not" && rules[2].isEntrypoint)
        #expect(rules[3].title == nil && rules[3].isDefault && rules[3].isFunction)
    }
}
