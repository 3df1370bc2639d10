import Config
import Core
import Testing

@testable import Gate

@Suite struct IdentitySettingsTests {
    private func settings(_ yaml: String) throws -> GateSettings {
        let schema = ConfigSchema(title: "Test", sections: GateSettings.schema)
        return try GateSettings(ConfigFile.parse([UInt8](yaml.utf8), file: "gatehouse.yaml", schema: schema).root)
    }

    private func message(_ yaml: String) async -> String { await messageThrown { _ = try settings(yaml) } }

    @Test func nothingIsNeeded() throws {
        #expect(try settings("") == .standard)
    }

    @Test func theUsualClassesLoadAsTheyStand() throws {
        let classes = try settings(
            """
            sessions: {security-audit: {retention: 90_days, logging: required, approval: security_lead}, \
            incident-response: {retention: 1_year, logging: required, approval: auto}, \
            routine-ops: {retention: 7_days, logging: optional, approval: none}}
            """
        ).sessionClasses
        let day = Duration.seconds(86_400)
        #expect(
            classes == [
                "security-audit": SessionClass(
                    name: "security-audit", retention: day * 90, logging: .required, approval: .role("security_lead")),
                "incident-response": SessionClass(
                    name: "incident-response", retention: day * 365, logging: .required, approval: .auto),
                "routine-ops": SessionClass(
                    name: "routine-ops", retention: day * 7, logging: .optional, approval: .none),
            ])
    }

    @Test func allOfItLoads() throws {
        let settings = try settings(
            """
            session_floor: {retention: 30_days, logging: required, approval: auto}
            session_length: 8h
            sign_in: {idle: 30m, absolute: 10h}
            budgets:
              - {for: everyone, meter: money, limit: 25.50 USD, window: month}
              - {for: {role: agent}, meter: tokens, limit: 200000, window: hour, each: principal}
              - {for: {principal: prn_x}, meter: calls_per_minute, limit: 30}
              - {for: {session: routine-ops}, meter: steps, limit: 100, window: session}
            issuers:
              - issuer: https://id.example
                audience: gatehouse
                jwks_url: https://id.example/keys
                algorithms: [ES256]
                kind: service
                roles_claim: realm_access.roles
                roles: {"Platform Admins": [admin, operator]}
                default_roles: [viewer]
            local_users: {alice: [operator], "1001": [security_lead], "*": []}
            policy:
              paths: [./policy, /etc/gatehouse/own.rego]
              bundles:
                company:
                  url: https://bundles.example/company.tar.gz
                  polling: 5m
                  token: t0ken
                  signing: {key: pem, algorithm: ES256, key_id: k1, scope: read}
                lab: {path: lab.tar.gz}
              environments: {production: ["aws:prod-*"], test: []}
              entry_point: company/decision
            """)
        #expect(settings.floor == SessionFloor(retention: .seconds(30 * 86_400), logging: .required, approval: .auto))
        #expect(settings.sessionLength == .seconds(8 * 3600))
        #expect(settings.console == ConsoleTimes(idle: .seconds(1800), absolute: .seconds(36_000)))
        #expect(
            settings.budgets == [
                BudgetRule(subject: .everyone, meter: .money, limit: 25_500_000, window: .month),
                BudgetRule(
                    subject: .role("agent"), meter: .tokens, limit: 200_000, window: .hour, share: .eachPrincipal),
                BudgetRule(subject: .principal("prn_x"), meter: .callsPerMinute, limit: 30, window: .minute),
                BudgetRule(subject: .sessionClass("routine-ops"), meter: .steps, limit: 100, window: .session),
            ])
        #expect(
            settings.issuers == [
                TokenIssuer(
                    issuer: "https://id.example", audience: "gatehouse", keys: .url("https://id.example/keys"),
                    algorithms: [.es256], kind: .service, rolesClaim: ["realm_access", "roles"],
                    roles: ["Platform Admins": ["admin", "operator"]], defaultRoles: ["viewer"])
            ])
        #expect(
            settings.localUsers
                == LocalUserRoles(listed: ["alice": ["operator"], "1001": ["security_lead"]], others: []))
        let signing = BundleSettings.Signing(key: Secret("pem"), algorithm: "ES256", keyID: "k1", scope: "read")
        #expect(
            settings.policy
                == PolicySettings(
                    paths: ["policy", "/etc/gatehouse/own.rego"],
                    bundles: [
                        "company": BundleSettings(
                            location: .url("https://bundles.example/company.tar.gz"), polling: .seconds(300),
                            token: Secret("t0ken"), signing: signing),
                        "lab": BundleSettings(location: .path("lab.tar.gz")),
                    ], environments: ["production": ["aws:prod-*"], "test": []], entryPoint: "company/decision"))
    }

    @Test(arguments: [
        "yolo: true", "auto_approve: true", "skip_approval: yes", "no_logging: 1", "sessions: {a: {yolo: true}}",
        "sessions: {a: {approval: never}}", "sessions: {a: {approval: off}}", "sessions: {a: {approval: false}}",
        "sessions: {a: {approval: Disabled}}", "sessions: {a: {approval: yolo}}", "sessions: {a: {logging: off}}",
        "sessions: {a: {logging: none}}", "sessions: {a: {logging: false}}", "session_floor: {logging: never}",
        "session_floor: {approval: skip}",
    ])
    func whatWouldTurnApprovalOrRecordingOffIsRefusedByName(yaml: String) async {
        #expect(await codeThrown { _ = try settings(yaml) } == .denied)
        let message = await message(yaml)
        #expect(message.contains("gatehouse.yaml:1:"))
        #expect(message.contains("nothing turns approval or recording off"))
        #expect(message.contains("explained nor undone"))
    }

    @Test func mistakesAreNamedWithTheirPlace() async {
        let mistakes = [
            ("sessions: {a: {logging: requird}}", "neither required nor optional"),
            ("sessions: {a: {approval: \"Security Lead\"}}", "not none, auto or a role"),
            ("sessions: {a: {retension: 7_days}}", "did you mean \"retention\""),
            ("session_length: 1s", "lies outside"),
            ("budgets: [{for: everyone, meter: money, limit: 5}]", "US dollars"),
            ("budgets: [{for: everyone, meter: money, limit: 5 EUR}]", "US dollars"),
            ("budgets: [{for: everyone, meter: tokens, limit: 5 USD}]", "whole number"),
            ("budgets: [{for: everyone, meter: tokens, limit: -5}]", "outside"),
            ("budgets: [{for: {}, meter: steps, limit: 5}]", "exactly one"),
            ("budgets: [{for: {role: a, session: b}, meter: steps, limit: 5}]", "exactly one"),
            ("budgets: [{for: everyone, meter: steps, limit: 5}, {for: everyone, meter: steps, limit: 6}]", "already"),
            ("issuers: [{issuer: i, audience: a}]", "exactly one of jwks_url and jwks"),
            ("issuers: [{issuer: i, audience: a, jwks_url: \"http://id.example/k\"}]", "https"),
            ("issuers: [{issuer: i, audience: a, jwks_url: \"http://localhost.evil.example/k\"}]", "https"),
            ("issuers: [{issuer: i, audience: a, jwks: \"{}\", algorithms: [none]}]", "none of"),
            ("issuers: [{issuer: i, audience: a, jwks: \"{}\", algorithms: [HS256]}]", "none of"),
            ("issuers: [{issuer: i, audience: a, jwks: \"{}\", algorithms: []}]", "no algorithm"),
            ("issuers: [{issuer: \"a#b\", audience: a, jwks: \"{}\"}]", "no \"#\""),
            ("local_users: {alice: [Admin]}", "no role"),
            ("rules: [{id: a, outcome: ask, reason: r}]", "package gatehouse.custom"), ("rules: []", "policy.paths"),
            ("policy: {bundles: {a: {}}}", "exactly one of path and url"),
            ("policy: {bundles: {a: {path: p, url: \"https://a.example\"}}}", "exactly one of path and url"),
            ("policy: {bundles: {own: {path: p}}}", "is taken"),
            ("policy: {bundles: {a: {path: p, polling: 0s}}}", "lies outside"),
            ("policy: {bundles: {a: {path: p, signing: {}}}}", "required"),
            ("policy: {entry_point: \"a//b\"}", "no entry point is spelled so"),
        ]
        for (yaml, expected) in mistakes {
            let message = await message(yaml)
            #expect(message.contains(expected), "\(yaml): \(message)")
            #expect(message.contains("gatehouse.yaml:1:"), "\(yaml): \(message)")
        }
    }
}
