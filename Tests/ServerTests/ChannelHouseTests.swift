import Core
import Crypto
import Foundation
import Gate
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

/// A chat channel of a whole house, reached as its programs reach it.
@Suite("Channels of a house", .timeLimit(.minutes(10)))
struct ChannelHouseTests {
    private static let secret = String(repeating: "chat-secret-", count: 3)

    private static func signature(of body: [UInt8], at seconds: Int, key: String = secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(key.utf8)))
        return "t=\(seconds),v1=\(Hex.encode(Array(code)))"
    }

    @Test("whoever is mapped speaks as that principal; others, false signatures and stopped principals do nothing")
    func speaking() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let file = scratch.file("gatehouse.yaml")
        let key = scratch.file("chat.key")
        try Self.secret.write(toFile: key, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try """
        channels:
          program: {kind: webhook, secret: "file:\(key)", users: {ada@example.org: Ada Admin, nobody@example.org: Nobody}}

        """.write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try HouseConfiguration.load(file)
        try await RunningHouse.with(configure: { $0 = configuration }) { running in
            func say(
                _ text: String, by user: String = "ada@example.org", id: String, at seconds: Int? = nil,
                key: String = Self.secret, to path: String = "/channels/program"
            ) async throws -> RunningHouse.Answer {
                let body: JSON = ["id": .string(id), "user": .string(user), "text": .string(text)]
                let time = seconds ?? Int(Date().timeIntervalSince1970)
                return try await running.send(
                    .POST, path, bytes: body.bytes(),
                    headers: [
                        ("content-type", "application/json"),
                        ("x-gatehouse-signature", Self.signature(of: body.bytes(), at: time, key: key)),
                    ])
            }
            let list = try await say("list the workflows", id: "1")
            #expect(list.status == 200 && list.text.contains("weekly-digest"), "\(list.text)")
            #expect(try await say("list the workflows", id: "1").json == list.json, "the same message is said once")
            let refusals = [
                try await say("help", id: "2", key: "another"), try await say("help", id: "3", at: 1_000_000_000),
                try await say("help", id: "4", to: "/channels/none"),
                try await say("help", id: "5", to: "/channels/program/events"),
            ]
            #expect(Set(refusals.map(\.status)) == [401])
            #expect(Set(refusals.map { $0.json["error"]?["message"]?.string }).count == 1)
            #expect(try await say("help", by: "eve@example.org", id: "6").text.contains("not known to the house"))
            #expect(try await !say("help", by: "nobody@example.org", id: "7").text.contains("gate as your own request"))
            try await running.house.gate.identity.kill(running.admin.id, reason: "test")
            #expect(try await !say("list the workflows", id: "8").text.contains("weekly-digest"))
        }
    }

    @Test("what is told to people in chat is a tool like any other")
    func telling() async throws {
        try await RunningHouse.with { running in
            let tools = running.house.gate.tools.descriptors.map(\.id)
            #expect(tools.contains("channels.tell") && tools.contains("channels.list"))
            let answer = try await running.send(
                .POST, "/api/v1/actions", key: running.agentKey,
                json: ["tool": "channels.list", "target": "channels", "arguments": [:]])
            #expect(answer.json["answer"]?["channels"] == [], "\(answer.text)")
        }
    }
}
