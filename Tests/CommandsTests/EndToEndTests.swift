import Foundation
import JSON
import TestSupport
import Testing

/// Commands against a real house, as a person or a pipeline runs them.
@Suite(.serialized) struct EndToEndTests {
    let program: Program
    init() throws { program = try Program() }

    @Test func saysWhatItIs() throws {
        defer { program.remove() }
        let version = try program.run("version", "--json")
        #expect(version.status == 0)
        #expect(try JSON.parse(version.output)["name"]?.string == "gatehouse")
        #expect(try program.run("completions", "bash").output.contains("gatehouse"))
        #expect(try program.run("no-such-command").status == 2)
    }

    @Test func assessesARepositoryThroughTheGate() throws {
        let repository = try PlantedRepository(beside: program.data)
        defer {
            program.remove()
            repository.remove()
        }

        let json = try program.run("assess", repository.path, "--format", "json")
        #expect(json.status == 0, "\(json.errors)")
        let report = try JSON.parse(json.output)
        #expect(report["findings"]?.array?.count == 1)
        #expect(!json.output.contains(repository.token) && !json.errors.contains(repository.token))

        let failing = try program.run("assess", repository.path, "--fail-on", "high", "--quiet")
        #expect(failing.status == 1)
        #expect(failing.errors.isEmpty)
        #expect(failing.output.contains("deploy.yaml"))

        for (format, mark) in [("sarif", "\"2.1.0\""), ("markdown", "#"), ("html", "<!doctype html>")] {
            let result = try program.run("assess", repository.path, "--format", format)
            #expect(result.status == 0)
            #expect(result.output.lowercased().contains(mark), "\(format)")
        }

        let baseline = program.data + "/known.json"
        #expect(try program.run("assess", repository.path, "--write-baseline", baseline).status == 0)
        #expect(try program.run("assess", repository.path, "--baseline", baseline, "--fail-on", "low").status == 0)

        let shown = try JSON.parse(try program.run("ledger", "show", "--json").output)
        let tools = (shown["entries"]?.array ?? []).compactMap { $0["payload"]?["tool"]?.string }
        #expect(tools.contains("scan.assess"))
        let verified = try program.run("ledger", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test func asksACouncil() throws {
        defer { program.remove() }
        let failed = try program.run("council", "Yes or no?", "--models", "a/m, b/m")
        #expect(failed.status == 1, "\(failed.errors)")
        #expect(
            failed.output.contains("MODEL") && failed.output.contains("a/m")
                && failed.output.contains("no provider of models"))
        let json = try program.run("council", "-", "--models", "a/m,b/m", "--on", "/v", "--json", input: "Yes or no?")
        #expect(json.status == 1)
        #expect(try JSON.parse(json.output)["result"] == "failed")
        #expect(try program.run("council", "Yes?", "--models", "a/m,b/m", "--on", "v").status == 2)
        #expect(try program.run("council", "Yes?", "--models", "a/m").status == 2)
        #expect(try program.run("council", "Yes?").status == 2)
        let shown = try JSON.parse(try program.run("ledger", "show", "--json").output)
        let tools = (shown["entries"]?.array ?? []).compactMap { $0["payload"]?["tool"]?.string }
        #expect(tools.contains("models.council") && tools.contains("models.call"))
    }

    @Test func exportsVerifyOffline() throws {
        let repository = try PlantedRepository(beside: program.data)
        defer {
            program.remove()
            repository.remove()
        }
        try program.run("assess", repository.path)
        let export = program.data + "/export.jsonl"
        let key = try program.run("ledger", "key").output
        let text = try program.run("ledger", "export").output
        try text.write(toFile: export, atomically: true, encoding: .utf8)
        try key.write(toFile: program.data + "/key", atomically: true, encoding: .utf8)
        #expect(try program.run("ledger", "verify", export, "--key", program.data + "/key").status == 0)

        let altered = text.replacingOccurrences(of: "scan.assess", with: "scan.assexx")
        #expect(altered != text)
        try altered.write(toFile: export, atomically: true, encoding: .utf8)
        let result = try program.run("ledger", "verify", export, "--key", program.data + "/key")
        #expect(result.status == 1)
        #expect(result.output.contains("altered_payload"))
    }

    @Test func sayWhatToDoWhenSomethingIsWrong() throws {
        defer { program.remove() }
        let missing = try program.run("assess", "/nonexistent/repository")
        #expect(missing.status == 2)
        #expect(missing.errors.contains("next:"))
        #expect(missing.output.isEmpty)
        let unknown = try program.run("approve", "apr_00000000000000000000000000", "--reason", "because")
        #expect(unknown.status == 2)
        let alone = try program.run("console-link")
        #expect(alone.status == 5)
        #expect(alone.errors.contains("gatehouse up"))
    }

    @Test func aConfigurationIsCheckedWithItsPlace() throws {
        defer { program.remove() }
        let file = program.data + "/gatehouse.yaml"
        try "sesions:\n  x: {retention: 1_year}\n".write(toFile: file, atomically: true, encoding: .utf8)
        let wrong = try program.run("config", "check", file)
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("gatehouse.yaml:1:1"))
        #expect(wrong.errors.contains("sessions"))
        try """
        sessions: {security-audit: {retention: 90_days, logging: required, approval: security_lead}, \
        incident-response: {retention: 1_year, logging: required, approval: auto}, \
        routine-ops: {retention: 7_days, logging: optional, approval: none}}

        """.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try program.run("config", "check", file).status == 0)
        #expect(try program.run("session", "start", "security-audit").output.hasPrefix("ses_"))
        #expect(try program.run("config", "schema").output.contains("2020-12"))
    }

    @Test func oneHouseToAFolderAndCommandsFindIt() async throws {
        defer { program.remove() }
        let house = try program.process(["up", "--listen", "127.0.0.1:0"])
        let log = program.data + "/up.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        house.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        house.standardOutput = FileHandle.nullDevice
        try house.run()
        defer { house.end() }
        while try program.run("console-link").status != 0 {
            try #require(house.isRunning, "\((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
        let second = try program.run("up", "--listen", "127.0.0.1:0")
        #expect(second.status == 5)
        #expect(second.errors.contains("\(house.processIdentifier)"))
        let link = try program.run("console-link").output
        #expect(link.hasPrefix("http://127.0.0.1:"))
        #expect(!link.contains("127.0.0.1:8700"))

        kill(house.processIdentifier, SIGKILL)
        house.waitUntilExit()
        #expect(try program.run("session").status == 0, "a house that was killed leaves nothing in the way")
        #expect(try program.run("ledger", "verify").status == 0)
    }
}
