import Config
import Core
import Foundation
import JSON
import TestSupport
import Testing

@testable import Integrations

@Suite("Destinations in the configuration") struct SettingsTests {
    private func read(_ yaml: String) throws -> IntegrationsSettings {
        let folder = ScratchFolder()
        let path = folder.file("gatehouse.yaml")
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        let schema = ConfigSchema(title: "test", sections: [IntegrationsSettings.field])
        var options = ConfigFile.Options()
        options.environment = { name in
            let value = "from-the-" + "environment"
            return name == "TOKEN"
                ? value : name == "TEAMS_WEBHOOK_URL" ? "https://teams.example.org/x?sig=\(value)" : nil
        }
        return try IntegrationsSettings(try ConfigFile.load(path, schema: schema, options: options).root)
    }

    private func one(_ entry: String) throws -> Destination {
        try #require(try read("integrations: {destinations: [\(entry)]}").destinations["d"])
    }

    private func problem(_ entry: String) -> String {
        do { _ = try one(entry) } catch { return "\(error)" }
        return ""
    }

    @Test("one of each kind, as in the documentation")
    func documented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../docs/integrations.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = try #require(
            text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
        let names = [
            "PAGERDUTY_KEY", "OPSGENIE_KEY", "JIRA_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "SPLUNK_TOKEN",
            "DATADOG_KEY", "WEBHOOK_KEY", "SLACK_BOT_TOKEN", "SMTP_PASSWORD",
        ]
        let yaml = names.reduce(block) { $0.replacingOccurrences(of: "${\($1)}", with: "${TOKEN}") }
        let settings = try read(yaml)
        #expect(Set(settings.destinations.values.map(\.kind)) == Set(DestinationKind.allCases))
        for destination in settings.destinations.values {
            #expect(type(of: destination.integration).id == destination.kind.integration)
            #expect(destination.secrets.contains { $0.expose().contains("from-the-") } || destination.secrets.isEmpty)
            #expect(!"\(destination)".contains("from-the-"), "no secret is printed")
        }
    }

    @Test("what is missing, misplaced or unsafe is refused, with its place") func refused() {
        #expect(problem("{name: d, kind: pagerduty}").contains("needs the key token"))
        #expect(
            problem("{name: d, kind: pagerduty, token: \"${TOKEN}\", repository: a/b}").contains(
                "does not take the key repository"))
        #expect(
            problem("{name: d, kind: splunk, url: \"http://splunk.example.org\", token: \"${TOKEN}\"}").contains(
                "use https"))
        #expect(problem("{name: d, kind: webhook, url: \"https://127.0.0.1/x\"}").contains("private address"))
        #expect(problem("{name: d, kind: webhook, url: \"https://[::ffff:10.0.0.1]/x\"}").contains("private address"))
        #expect(problem("{name: d, kind: webhook, url: \"https://localhost/x\"}").contains("private: true"))
        #expect(problem("{name: d, kind: webhook, url: \"https://u:p@example.org/x\"}").contains("address"))
        #expect(problem("{name: d, kind: webhook, url: \"ftp://example.org/x\"}").contains("address"))
        #expect(
            problem("{name: \"a b\", kind: webhook, url: \"https://example.org/x\"}").contains("name of a destination"))
        #expect(problem("{name: d, kind: github_issue, token: \"${TOKEN}\", repository: ../x}").contains("owner/name"))
        #expect(
            problem(
                "{name: d, kind: jira, url: \"https://a.example.org\", user: u, token: \"${TOKEN}\", project: \"A\\\" OR 1\"}"
            ).contains("project's key"))
        let mail = "{name: d, kind: email, server: \"smtp.example.org\", from: a@example.org, to: [b@example.org]"
        #expect(problem(mail + ", tls: none}").contains("private networks"))
        #expect(problem(mail + ", tls: none, private: true, user: u, token: \"${TOKEN}\"}").contains("in the clear"))
        #expect(problem(mail + ", user: u}").contains("a user has a token"))
        #expect(
            problem("{name: d, kind: email, server: smtp.example.org, from: a@example.org, to: [\"b c@d\"]}").contains(
                "no mail address"))
    }

    @Test("two destinations do not share a name") func doubled() {
        let entry = "{name: d, kind: webhook, url: \"https://example.org/x\"}"
        #expect(throws: GatehouseError.self) { try read("integrations: {destinations: [\(entry), \(entry)]}") }
    }

    @Test("one's own network is where the operator says so") func own() throws {
        let destination = try one("{name: d, kind: webhook, url: \"http://10.0.0.1:8080/x\", private: true}")
        #expect(destination.checkedHost == nil && destination.shownAddress == "http://10.0.0.1:8080")
        #expect(
            try one("{name: d, kind: webhook, url: \"https://in.example.org/secret-path\"}").checkedHost
                == "in.example.org")
        let mail = try one(
            "{name: d, kind: email, server: \"smtp.example.org\", tls: implicit, from: a@example.org, to: [b@example.org]}"
        )
        #expect(mail.mailServer?.port == 465 && mail.checkedHost == "smtp.example.org")
    }
}
