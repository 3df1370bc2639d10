import Gate
import JSON
import TestSupport
import Testing

@testable import Fixes
@testable import Scan

@Suite struct SecretTests {
    /// Tokens that no scanner finds in this file: put together as the tests run.
    static let token = ["ghp_", "R7xQm2v9LkR3pZdWn8sTf", "4yHc6bJqA1Ew"].joined()
    static let awsKey = ["AKIA", "Q3EGJXK5", "NV7WZ4TB"].joined()

    @Test(arguments: [
        (
            "a.py", "#!/usr/bin/env python\nimport sys\n\ngithub_token = \"KEY\"  # why\n",
            "#!/usr/bin/env python\nimport os\nimport sys\n\ngithub_token = os.environ[\"GITHUB_TOKEN\"]  # why\n"
        ),
        ("a.js", "const options = {token: 'KEY', b: 1};\n", "const options = {token: process.env.TOKEN, b: 1};\n"),
        ("a.go", "package a\n\nimport (\n\t\"fmt\"\n)\n\nfunc f() { fmt.Println(\"KEY\") }\n", nil),
        (
            "b.go", "package a\n\nimport (\n\t\"fmt\"\n)\n\nvar apiKey = \"KEY\"\n",
            "package a\n\nimport (\n\t\"os\"\n\t\"fmt\"\n)\n\nvar apiKey = os.Getenv(\"API_KEY\")\n"
        ),
        ("c.go", "package a\n\nimport \"os\"\n\nconst apiKey = \"KEY\"\n", nil),
        ("a.rb", "api_key = 'KEY'\n", "api_key = ENV.fetch(\"API_KEY\")\n"),
        (
            "A.java", "class A {\n  String apiKey = \"KEY\";\n}\n",
            "class A {\n  String apiKey = System.getenv(\"API_KEY\");\n}\n"
        ),
        ("a.sh", "export API_KEY=KEY\ncurl x\n", "export API_KEY=\"${API_KEY:?is not set}\"\ncurl x\n"),
        (
            "a.tf", "provider \"github\" {\n  token = \"KEY\"\n}",
            "provider \"github\" {\n  token = var.token\n}\n\nvariable \"token\" {\n  type      = string\n  sensitive = true\n}\n"
        ),
        (
            ".github/workflows/a.yml",
            "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    env:\n      API_KEY: KEY # k\n    steps: []\n",
            "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    env:\n      API_KEY: \"${{ secrets.API_KEY }}\" # k\n    steps: []\n"
        ),
        (
            "compose.yml", "services:\n  a:\n    image: a:1\n    environment:\n      - API_KEY=KEY\n",
            "services:\n  a:\n    image: a:1\n    environment:\n      - API_KEY=${API_KEY:?is not set}\n"
        ),
        ("notes.md", "The token is KEY.\n", nil),
        ("d.py", "import os\nurl = \"https://x/?key=KEY\"\n", nil),
    ])
    func secretsGiveWayToReferences(path: String, text: String, after: String?) async throws {
        let world = try World([
            path: text.replacing("KEY", with: Self.token).replacing("API_" + Self.token, with: "API_KEY")
        ])
        let before = try world.tree.text(path)
        let shown = try await world.fixes()
        guard let after else {
            #expect(shown["fixes"]?.array?.contains { $0["kind"] == "secret" } == false, "\(shown)")
            return
        }
        let fix = try #require(shown["fixes"]?.array?.first { $0["kind"] == "secret" }, "\(shown)")
        #expect(!shown.text().contains(Self.token.dropFirst(6)))
        #expect(fix["steps"]?[0]?.string?.contains("Replace the secret") == true)
        #expect(fix["steps"]?.text().contains("history") == true)
        // What was taken out is kept nowhere, so that there is no undo.
        let preview = try await world.preview(shown)
        #expect(preview.undo == nil)
        #expect(!"\(preview)".contains(Self.token.dropFirst(6)))
        try await world.apply(shown)
        #expect(try world.tree.text(path) == after)
        #expect(before.contains(Self.token))
        #expect(try await world.open().contains { $0.contains("github") && $0.contains("token") } == false)
    }

    /// A secret that stands near a change is not shown with it.
    @Test func secretsAroundAChangeAreHidden() async throws {
        let world = try World([
            "main.tf": "resource \"aws_kms_key\" \"k\" {\n  description = \"\(Self.awsKey)\"\n}\n"
        ])
        let shown = try await world.fixes(["aws-keys-rotation"])
        #expect(shown["fixes"]?.array?.count == 1)
        #expect(shown["diff"]?.string?.contains("AKIA****") == true)
        #expect(!shown.text().contains(Self.awsKey))
        #expect(try await world.preview(shown).undo != nil)
        #expect(!"\(try await world.preview(shown))".contains(Self.awsKey))
    }
}
