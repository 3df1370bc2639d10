import AsyncHTTPClient
import Core
import Foundation
import Gate
import JSON
import Logging
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import Web

@testable import Server

/// A whole house on a free port, with a folder of its own, for as long as `work` takes.
struct RunningHouse: Sendable {
    let house: House
    let address: String
    let port: Int
    let client: HTTPClient
    /// Of an admin who is a person, and of an agent.
    let adminKey: String
    let agentKey: String
    let admin: Principal
    let agent: Principal

    static func with(
        port: Int = 0, limits: (inout HTTPLimits) -> Void = { _ in }, settings: GateSettings = .standard,
        configure: (inout HouseConfiguration) -> Void = { _ in },
        _ work: @escaping @Sendable (RunningHouse) async throws -> Void
    ) async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        var configuration = HouseConfiguration()
        configuration.gate = settings
        limits(&configuration.server.limits)
        configure(&configuration)
        let house = try await House.open(
            dataDirectory: scratch.path, configuration: configuration, listen: .tcp(host: "127.0.0.1", port: port),
            tools: [Thermostat(), Library(), SlowRead()], version: "test",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let identity = house.gate.identity
        let admin = try await identity.addPrincipal(
            kind: .person, name: "Ada Admin", roles: ["admin", "security_lead"])
        let agent = try await identity.addPrincipal(kind: .agent, name: "deploy-bot", roles: ["operator"])
        let (_, adminKey) = try await identity.createKey(for: admin.id, name: "test", expires: nil)
        let (_, agentKey) = try await identity.createKey(for: agent.id, name: "test", expires: nil)
        try await house.run(signals: false) { doors in
            let address = try #require(doors.address)
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: HTTPClient.Configuration(
                    redirectConfiguration: .disallow, timeout: .init(connect: .seconds(60))))
            let running = RunningHouse(
                house: house, address: address, port: Int(address.split(separator: ":").last ?? "") ?? 0,
                client: client,
                adminKey: adminKey.expose(), agentKey: agentKey.expose(), admin: admin, agent: agent)
            do { try await work(running) } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
        }
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSON { (try? JSON.parse(body)) ?? .null }
        var code: String? { json["error"]?["code"]?.string }
    }

    func send(
        _ method: HTTPMethod, _ path: String, key: String? = nil, json: JSON? = nil, form: String? = nil,
        bytes: [UInt8]? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let json {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json.bytes()))
        }
        if let form {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        if let bytes { request.body = .bytes(ByteBuffer(bytes: bytes)) }
        let response = try await client.execute(request, timeout: .seconds(120))
        let body = Array(try await response.body.collect(upTo: 64 << 20).readableBytesView)
        return Answer(status: Int(response.status.code), headers: response.headers, body: body)
    }

    /// Signs in by a link as a browser would; the cookie and the CSRF token of the pages.
    func signIn(_ principal: Principal) async throws -> (cookie: String, csrf: String) {
        let token = try await house.gate.signInLink(for: principal.id, from: "test")
        let answer = try await send(.POST, "/sign-in", form: "token=\(Percent.encode(token.expose()))")
        #expect(answer.status == 303)
        let cookie = String(try #require(answer.headers["set-cookie"].first).prefix { $0 != ";" })
        let page = try await send(.GET, "/", headers: [("cookie", cookie), ("accept", "text/html")])
        #expect(page.status == 200)
        let marker = "name=\"csrf\" value=\""
        let start = try #require(page.text.range(of: marker))
        return (cookie, String(page.text[start.upperBound...].prefix { $0 != "\"" }))
    }
}

/// Changes a setting: has a preview with a diff, and an undo.
struct Thermostat: Tool {
    let descriptor = ToolDescriptor(
        id: "demo.thermostat.set", title: "Set the thermostat", summary: "Sets the temperature of a room.",
        effect: .change,
        arguments: [
            "type": "object", "required": ["degrees"],
            "properties": ["degrees": ["type": "integer", "minimum": 5, "maximum": 30], "room": ["type": "string"]],
        ])

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let degrees = action.arguments["degrees"]?.int ?? 0
        let room = action.arguments["room"]?.string ?? "hall"
        return Preview(
            summary: "Set the thermostat of the \(room) to \(degrees) °C",
            diff:
                "--- a/rooms/\(room).yaml\n+++ b/rooms/\(room).yaml\n@@ -1,4 +1,4 @@\n room: \(room)\n-degrees: 18\n+degrees: \(degrees)\n mode: comfort\n",
            facts: ["degrees": .number(JSONNumber(degrees)), "before": 18, "rooms": [.string(room)]],
            undo: UndoPlan(
                tool: descriptor.id, target: action.target, arguments: ["degrees": 18], summary: "Set it back to 18 °C")
        )
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        Answer(["degrees": action.arguments["degrees"] ?? .null])
    }
}

/// Reads, and tells how far it is.
struct Library: Tool {
    let descriptor = ToolDescriptor(
        id: "demo.library.look_up", title: "Look up a book", summary: "Finds a book.", effect: .read,
        arguments: ["type": "object", "properties": ["title": ["type": "string"]]])

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        for step in 1...3 { context.progress(Progress(stage: "shelf \(step)", done: step, total: 3)) }
        return Answer(["found": true])
    }
}

/// Says that it has begun, and takes a while.
struct SlowRead: Tool {
    let descriptor = ToolDescriptor(
        id: "demo.slow.read", title: "Read slowly", summary: "Takes half a second.", effect: .read)

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        context.progress(Progress(stage: "begun", done: 0))
        try await Task.sleep(for: .milliseconds(500))
        return Answer(["read": true])
    }
}
