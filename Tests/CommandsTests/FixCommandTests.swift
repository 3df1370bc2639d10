import Foundation
import JSON
import Testing

@Suite struct FixCommandTests {
    private static let flawed = "resource \"aws_kms_key\" \"k\" {\n  description = \"k\"\n}\n"

    private let program: Program
    private let repository: String

    init() throws {
        program = try Program()
        repository =
            URL(fileURLWithPath: try program.write("repo/main.tf", Self.flawed)).deletingLastPathComponent().path
    }

    private var text: String { get throws { try String(contentsOfFile: repository + "/main.tf", encoding: .utf8) } }

    @Test func fixesAreShownAppliedAndUndone() throws {
        defer { program.remove() }
        let shown = try program.run("assess", repository, "--fix")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("+  enable_key_rotation = true"))
        #expect(shown.output.contains("may break"))
        #expect(try text == Self.flawed)
        let json = try JSON.parse(
            try program.run("assess", repository, "--fix", "--json", "--rule", "aws-keys-rotation").output)
        #expect(json["fixes"]?[0]?["proof"]?["kind"] == "assessed")
        let applied = try program.run("assess", repository, "--fix", "--apply", "--json", "--reason", "because")
        let result = try JSON.parse(applied.output)["applied"]?[0]
        let action = try #require(result?["action_id"]?.string)
        if applied.status == 4 {
            // Policy has a person agree first; whoever asked may not.
            #expect(result?["approval"]?["preview"]?["diff"]?.string?.contains("enable_key_rotation") == true)
            #expect(applied.errors.contains("gatehouse approve"))
            #expect(try text == Self.flawed)
            return
        }
        #expect(applied.status == 0, "\(applied.errors)")
        #expect(try text.contains("enable_key_rotation = true"))
        let undone = try program.run("undo", action)
        #expect(undone.status == 0, "\(undone.errors)")
        #expect(try text == Self.flawed)
        #expect(try program.run("undo", action).status == 5)
    }

    @Test func whatDoesNotGoTogetherIsSaid() throws {
        defer { program.remove() }
        for arguments in [
            ["--apply"], ["--fix", "--branch", "x"], ["--fix", "--apply", "--branch", "x", "--each"], ["--rule", "x"],
        ] {
            let process = try program.process(["assess", repository] + arguments)
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 2, "\(arguments)")
        }
        #expect(
            try program.run("assess", repository, "--fix", "--finding", "fnd_00000000000000000000000000").status == 2)
        #expect(try program.run("assess", "https://git.example.org/x.git", "--fix").status == 2)
    }
}
