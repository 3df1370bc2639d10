import Foundation
import JSON
import NIOHTTP1
import Scan
import Testing

@testable import Server

@Suite("Fixing over the network", .serialized)
struct FixTests {
    private static let flawed = "resource \"aws_kms_key\" \"k\" {\n  description = \"k\"\n}\n"

    @Test("a fix is shown, waits for somebody else, is made once as it was shown, and is undone the same way")
    func throughTheGate() async throws {
        try await RunningHouse.with { running in
            let folder = running.house.dataDirectory + "/repositories"
            let file = folder + "/main.tf"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Self.flawed.write(toFile: file, atomically: true, encoding: .utf8)
            running.house.assessRoots.folders = [folder]
            func submit(_ request: JSON) async throws -> RunningHouse.Answer {
                try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: request)
            }
            func approve(_ answer: RunningHouse.Answer) async throws -> RunningHouse.Answer {
                let id = answer.json["approval"]?["id"]?.string ?? "?"
                return try await running.send(
                    .POST, "/api/v1/approvals/\(id)/approve", key: running.adminKey, json: ["reason": "seen"])
            }
            let shown = try await submit([
                "tool": "scan.fix", "target": .string("repo:\(folder)"), "arguments": ["path": .string(folder)],
            ])
            #expect(shown.status == 200, "\(shown.text)")
            let request = try #require(shown.json["answer"]?["apply"])
            let waiting = try await submit(request)
            #expect(waiting.json["state"] == "waiting", "\(waiting.text)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.flawed)
            let made = try await approve(waiting)
            #expect(made.status == 200, "\(made.text)")
            #expect(try String(contentsOfFile: file, encoding: .utf8).contains("enable_key_rotation = true"))
            let action = waiting.json["action_id"]?.string ?? "?"
            let undo = try await running.send(.POST, "/api/v1/actions/\(action)/undo", key: running.agentKey, json: [:])
            let undone = try await approve(undo)
            #expect(undone.status == 200, "\(undo.text) \(undone.text)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.flawed)

            // What changes between preview and approval is not written over.
            let again = try await submit(request)
            try ("# mine\n" + Self.flawed).write(toFile: file, atomically: true, encoding: .utf8)
            let refused = try await approve(again)
            #expect(refused.text.contains("not the one that was shown"), "\(refused.text)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "# mine\n" + Self.flawed)
            // Package managers are not for callers from elsewhere, and nothing outside of the roots is fixed.
            var greedy = request
            greedy["arguments"]?["run_package_managers"] = true
            #expect(try await submit(greedy).status == 403)
            let outside: JSON = ["tool": "scan.fix", "target": "repo:/etc", "arguments": ["path": "/etc"]]
            #expect(try await submit(outside).status == 403)
        }
    }
}
