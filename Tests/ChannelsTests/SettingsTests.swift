import Config
import Core
import Foundation
import JSON
import Testing

@testable import Channels

/// Channels in the configuration.
@Suite struct SettingsTests {
    private func read(_ yaml: String) throws -> ChannelsSettings {
        var options = ConfigFile.Options()
        options.environment = { name in
            if name.hasSuffix("_PIN") { return "3141" + "59" }
            return name.hasSuffix("_URL") ? "https://teams.example.org/x" : "c2VjcmV0" + "LXRva2Vu"
        }
        let schema = ConfigSchema(title: "test", sections: [ChannelsSettings.field])
        return try ChannelsSettings(
            try ConfigFile.parse(Array(yaml.utf8), file: "gatehouse.yaml", schema: schema, options: options).root)
    }

    private func problem(_ yaml: String) -> String {
        do { _ = try read(yaml) } catch { return "\(error)" }
        return ""
    }

    @Test func oneOfEachKind() throws {
        let settings = try read(
            """
            channels:
              ops:
                kind: slack
                signing_secret: ${S}
                token: ${T}
                channel: C0123456789
                users: {U012AB3CD: alice}
                approvals: true
                tell: {from: high}
                wake: {critical: "@channel", high: "<@U012AB3CD>"}
              team: {kind: teams, security_token: "${S}", users: {A1B2-C3: bob}, webhook_url: "https://example.org/x"}
              program: {kind: webhook, secret: "${S}", users: {robot: carol}}
            """)
        #expect(settings.names == ["ops", "program", "team"])
        let ops = try #require(settings.channels["ops"])
        #expect(ops.users == ["U012AB3CD": "alice"] && ops.room == "C0123456789" && ops.approvals)
        #expect(ops.url?.expose() == "https://slack.com/api" && ops.checkedHost == "slack.com")
        #expect(ops.tellsFrom == .high && ops.wake == [.critical: "<!channel>", .high: "<@U012AB3CD>"])
        #expect(settings.channels["team"]?.users == ["a1b2-c3": "bob"], "ids of Teams are of either case")
        #expect(settings.channels["team"]?.tellsFrom == .medium && settings.channels["program"]?.canTell == false)
        #expect(!"\(settings)".contains("LXRva2Vu"), "no secret is printed")
    }

    @Test func theConfigurationOfTheDocumentationIsOne() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../docs/channels.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first
        let settings = try read(try #require(block))
        #expect(Set(settings.channels.values.map(\.kind)) == Set(ChannelKind.allCases))
    }

    @Test func whatIsMissingMisplacedOrUnsafeIsRefusedWithItsPlace() {
        #expect(problem("channels: {o: {kind: slack, token: \"${T}\"}}").contains("needs the key signing_secret"))
        #expect(problem("channels: {o: {kind: slack, token: \"${T}\"}}").contains("gatehouse.yaml:1"))
        #expect(
            problem("channels: {o: {kind: webhook, secret: \"${T}\", token: \"${T}\"}}").contains(
                "does not take the key token"))
        #expect(problem("channels: {o: {kind: pigeon}}").contains("kind"))
        let slack = "kind: slack, token: \"${T}\", signing_secret: \"${T}\""
        #expect(problem("channels: {o: {\(slack), channel: \"#general\"}}").contains("no id of a channel"))
        #expect(problem("channels: {o: {\(slack), approvals: true}}").contains("no place"))
        #expect(problem("channels: {o: {\(slack), url: \"http://example.org\"}}").contains("use https"))
        #expect(problem("channels: {o: {\(slack), url: \"https://127.0.0.1/api\"}}").contains("private address"))
        #expect(problem("channels: {o: {\(slack), url: \"https://127.0.0.1/api\", private: true}}").isEmpty)
        #expect(
            problem("channels: {o: {\(slack), wake: {critical: \"<!channel> <https://x>\"}}}").contains("nobody can"))
        #expect(problem("channels: {o: {\(slack), wake: {awful: \"@here\"}}}").contains("no severity"))
        #expect(problem("channels: {o: {kind: teams, security_token: \"not base64!\"}}").contains("no base64"))
    }

    // MARK: Calls

    private static let account = "AC0123456789abcdef0123456789abcdef"

    private func phone(
        _ more: String, url: String = "https://gate.example.org/channels/p", others: String = ""
    ) -> String {
        let start = "channels: {p: {kind: twilio, account: \(Self.account), auth_token: \"${T}\", url: \"\(url)\""
        return "\(start), users: {\"+4915112345678\": alice}, \(more)}\(others)}"
    }

    @Test func aTelephone() throws {
        let settings = try read(
            phone(
                "pins: {\"+4915112345678\": \"${A_PIN}\"}, confirm: program, language: de-DE",
                others: ", program: {kind: webhook, secret: \"${T}\", url: \"https://example.org/x\"}"))
        let channel = try #require(settings.channels["p"])
        let phone = try #require(channel.phone)
        #expect(phone.account == Self.account && phone.address == "https://gate.example.org/channels/p")
        #expect(phone.pins == ["+4915112345678": Secret("3141" + "59")] && phone.confirm == "program")
        #expect(phone.language == "de-DE" && channel.checkedHost == "api.twilio.com")
        #expect(channel.url?.expose() == "https://api.twilio.com" && !channel.canTell && !channel.canAsk)
        #expect(!"\(settings)".contains("314159"), "no pin is printed")
    }

    @Test(arguments: [
        ("pins: {\"+4915112345678\": \"12345\"}", "6 to 12 digits"),
        ("pins: {\"+4915112345678\": \"1234567890123\"}", "6 to 12 digits"),
        ("pins: {\"+4915112345678\": \"12345a\"}", "6 to 12 digits"),
        ("pins: {\"+4915112345678\": \"１２３４５６\"}", "6 to 12 digits"),
        ("pins: {\"+4915199999999\": \"123456\"}", "nobody's number"),
        ("confirm: nowhere", "nobody can be asked"), ("confirm: p", "nobody can be asked"),
        ("language: \"en\\\" x\"", "no language"), ("approvals: true", "no place"),
        ("token: \"${T}\"", "does not take the key token"),
        ("api: \"http://127.0.0.1\"", "use https"), ("api: \"https://127.0.0.1\"", "private address"),
    ]) func whatIsWrongWithATelephoneIsSaidWithItsPlace(_ more: String, _ word: String) {
        let told = problem(phone(more))
        #expect(told.contains(word) && told.contains("gatehouse.yaml:"), "\(told)")
    }

    @Test(arguments: [
        "https://gate.example.org/channels/p/", "https://gate.example.org/channels/p?x=1",
        "https://gate.example.org/p#x",
        "http://gate.example.org/channels/p",
    ]) func theAddressOfATelephoneIsOneThatStepsCanBeBelow(_ url: String) {
        #expect(problem(phone("private: false", url: url)).contains("gatehouse.yaml:"))
    }

    @Test func aTelephoneNeedsItsAccountAndNumbersThatAreSome() {
        #expect(problem("channels: {p: {kind: twilio, auth_token: \"${T}\"}}").contains("needs the key account"))
        let start = "channels: {p: {kind: twilio, auth_token: \"${T}\", url: \"https://gate.example.org/p\""
        #expect(problem("\(start), account: AC1}}").contains("no account of Twilio's"))
        #expect(
            problem("\(start), account: \(Self.account), users: {\"0151 123\": alice}}}").contains(
                "no telephone number"))
        #expect(
            problem("channels: {o: {kind: webhook, secret: \"${T}\", pins: {}}}").contains("does not take the key pins")
        )
    }
}
