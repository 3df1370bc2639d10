import Core
import Foundation
import Gate
import JSON
import Scan
import TestSupport
import Testing

@testable import Threats

@Suite struct ComparisonTests {
    @Test func whatAChangeBringsAndTakes() async throws {
        let repository = try Repository(Shop.files)
        try repository.tree.commit("first")
        try repository.tree.write(
            "compose.yaml",
            Shop.compose.split(separator: "\n", omittingEmptySubsequences: false).dropLast(4).joined(separator: "\n")
                .split(separator: "sslmode=disable").joined(separator: "sslmode=require")
                + "\n  admin:\n    image: adminer\n    ports: [\"8080:8080\"]\n")
        try repository.tree.remove("k8s/api.yaml")
        try repository.tree.commit("second")
        let compared = try await repository.compared()
        guard case .made(let difference, let commit) = compared.comparison else {
            Issue.record("not compared: \(compared.comparison)")
            return
        }
        #expect(commit.count == 40)
        #expect(difference.elements.added == ["compose:/admin"])
        #expect(
            difference.elements.removed == [
                "compose:/cache", "kubernetes:shop/Deployment/api", "kubernetes:shop/Secret/api-token",
            ])
        #expect(
            difference.flows.changed == [
                ModelDifference.Change(
                    id: "compose:/web>compose:/db", what: "+ encrypted in transit, - plain in transit")
            ])
        #expect(
            difference.threats.changed.contains {
                $0.id == "T-TRANSIT@compose:/web>compose:/db" && $0.what == "mitigated, was open"
            })
        #expect(difference.threats.removed.contains("T-PRIVILEGED@kubernetes:shop/Deployment/api"))
        #expect(difference.entryPoints.added.contains("compose:/admin#port#port 8080"))
        #expect(difference.after.points == compared.model.score.points)
        #expect(difference.points == difference.after.points - difference.before.points)
        #expect(difference.points < 0)
    }

    /// The example of docs/threats.md.
    @Test func theScoreIsTheSumThatTheDocumentSays() async throws {
        let app = """
            from flask import Flask, request
            from flask_sqlalchemy import SQLAlchemy
            import subprocess
            app = Flask(__name__)
            db = SQLAlchemy(app)
            class Customer(db.Model):
                email = db.Column(db.String)
            @app.route("/ping")
            def ping():
                return subprocess.check_output("ping -c1 " + request.args["host"], shell=True)
            """
        let repository = try Repository([
            "web/app.py": app,
            "compose.yaml": """
            services:
              web:
                build: ./web
                ports: ["8000:8000"]
                depends_on: [db]
              db:
                image: postgres:16
                environment:
                  POSTGRES_PASSWORD_FILE: /run/secrets/db
            """,
        ])
        try repository.tree.commit("first")
        try repository.tree.write(
            "web/app.py", app.split(separator: "\n").dropLast().joined(separator: "\n") + "\n    return 'pong'\n")
        try repository.tree.commit("second")
        let text = try await repository.report().text(.text)
        #expect(text.contains("8 points: nothing open; 3 unknown, 3 mitigated"))
        #expect(text.contains(": 17 → 8 points (-9)."))
        #expect(text.contains("~ element  web (service): - command injection"))
        #expect(text.contains("- threat  T-COMMAND-INJECTION web (open, risk 9)"))
    }

    @Test func theSameCommitHasNotChanged() async throws {
        let repository = try Repository(Shop.files)
        try repository.tree.commit("first")
        // Lines that move change nothing.
        try repository.tree.write("web/app.py", "# a comment\n" + Shop.app)
        guard case .made(let difference, _) = try await repository.compared(since: "HEAD").comparison else {
            Issue.record("not compared")
            return
        }
        #expect(difference.isEmpty && difference.points == 0, "\(difference)")
    }

    @Test func theUsersTreeIsLeftAsItIs() async throws {
        let repository = try Repository(Shop.files)
        try repository.tree.commit("first")
        try repository.tree.write("compose.yaml", "services: {}\n")
        try repository.tree.commit("second")
        try repository.tree.write("compose.yaml", "services: {x: {image: y}}\n")
        _ = try await repository.compared()
        #expect(
            try String(contentsOfFile: repository.root + "/compose.yaml", encoding: .utf8)
                == "services: {x: {image: y}}\n")
        let names = try FileManager.default.contentsOfDirectory(atPath: repository.root).sorted()
        #expect(names == [".git", ".github", "compose.yaml", "infra", "k8s", "tests", "web"])
    }

    @Test func aPartOfARepositoryIsComparedWithThatPart() async throws {
        let repository = try Repository(["shop/compose.yaml": Shop.compose, "other/compose.yaml": Shop.compose])
        try repository.tree.commit("first")
        try repository.tree.write("other/compose.yaml", "services: {}\n")
        try repository.tree.commit("second")
        let modeler = try Modeler(sharedAssessor.get())
        let compared = try await modeler.compared(repository.root + "/shop", since: nil)
        guard case .made(let difference, _) = compared.comparison else {
            Issue.record("not compared: \(compared.comparison)")
            return
        }
        #expect(difference.isEmpty)
        #expect(compared.model.elements.contains { $0.id == "compose:/web" })
    }

    @Test func withoutAPastThatIsSaid() async throws {
        let bare = try Repository(Shop.files)
        guard case .none(let reason) = try await bare.compared().comparison else {
            Issue.record("compared with what?")
            return
        }
        #expect(reason.contains("no git repository"))
        let first = try Repository(Shop.files)
        try first.tree.commit("first")
        guard case .none(let reason) = try await first.compared().comparison else {
            Issue.record("compared with what?")
            return
        }
        #expect(reason == "there is no earlier commit")
        #expect(try await first.report().text(.text).contains("Not compared: there is no earlier commit."))
        await #expect(throws: GatehouseError.self) { try await first.compared(since: "v9") }
    }

    @Test func theToolAnswersWithTheModelAndAReport() async throws {
        let repository = try Repository(Shop.files)
        let tool = ThreatsTool(assessor: try sharedAssessor.get(), roots: AssessRoots())
        let session = Session(
            id: "ses_1", principalID: "prn_1", sessionClass: .standard, labels: [], started: Timestamp(seconds: 0),
            expires: Timestamp(seconds: 1))
        let principal = Principal(id: "prn_1", kind: .person, name: "Ada", roles: [])
        func perform(_ arguments: JSON, isLocal: Bool = true) async throws -> JSON {
            let action = Action(id: "act_1", tool: ThreatsTool.id, target: "repo:x", arguments: arguments)
            let context = ActionContext(principal: principal, session: session, isLocal: isLocal)
            return try await tool.perform(action, in: context).value
        }
        let answer = try await perform(["path": .string(repository.root), "format": "svg"])
        #expect(answer["schema"] == "gatehouse.threats/1")
        #expect(answer["report"]?.string?.hasPrefix("<svg") == true)
        #expect(answer["elements"]?.array?.count == 14)
        #expect(answer["comparison"]?["compared"] == false)
        await #expect(throws: GatehouseError.self) {
            try await perform(["path": .string(repository.root)], isLocal: false)
        }
        #expect(throws: GatehouseError.self) { try tool.effect(of: ["path": "x", "format": "png"]) }
        #expect(throws: GatehouseError.self) { try tool.effect(of: ["path": ""]) }
        #expect(try tool.effect(of: ["path": "x"]) == .read)
    }
}
