import Foundation
import JSON
import Testing

@Suite struct ThreatsCommandTests {
    private let program: Program
    private let repository: String

    init() throws {
        program = try Program()
        let path = try program.write(
            "repo/compose.yaml",
            """
            services:
              web:
                image: web
                ports: ["8000:8000"]
                depends_on: [db]
              db:
                image: postgres:16
                environment:
                  POSTGRES_HOST_AUTH_METHOD: trust
            """)
        repository = URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    @Test func theModelIsShownInEachForm() throws {
        defer { program.remove() }
        let text = try program.run("threats", repository, "--quiet")
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("S medium T-STORE-PASSWORD  db: A store lets in whoever reaches it"))
        #expect(text.output.contains("Not compared: the folder is in no git repository"))
        let json = try JSON.parse(try program.run("threats", repository, "--format", "json").output)
        #expect(json["schema"] == "gatehouse.threats/1")
        let names = json["elements"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(names) == ["web", "db", "Anyone on the internet"])
        let file = program.data + "/model.svg"
        let drawn = try program.run("threats", repository, "--format", "svg", "--out", file)
        #expect(drawn.status == 0 && drawn.output.isEmpty, "\(drawn.errors)")
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("<svg xmlns="))
        #expect(try program.run("threats", repository, "--format", "mermaid").output.hasPrefix("flowchart LR\n"))
    }

    @Test func whatIsNotThereIsSaid() throws {
        defer { program.remove() }
        #expect(try program.run("threats", repository + "/nowhere").status != 0)
        #expect(try program.run("threats", repository, "--format", "png").status == 2)
    }
}
