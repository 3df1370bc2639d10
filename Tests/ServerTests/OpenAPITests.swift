import Core
import Foundation
import Gate
import JSON
import NIOHTTP1
import Testing
import Web

@testable import Server

@Suite("OpenAPI", .serialized)
struct OpenAPITests {
    /// What to send to each operation so that it has something to answer.
    private struct Example {
        var id = ""
        var query = ""
        var body: JSON?
        var statuses: Set<Int> = [200]
    }

    @Test("every operation of the document answers as the document says")
    func everyOperation() async throws {
        try await RunningHouse.with { running in
            let document = try await running.send(.GET, "/api/v1/openapi.json").json
            let examples = try await Self.examples(running)
            var called = 0
            for (path, item) in document["paths"]?.object ?? [:] {
                for (method, operation) in item.object ?? [:] {
                    let id = try operation.text("operationId")
                    if operation["responses"]?["200"]?["content"]?["text/event-stream"] != nil, id == "watchEvents" {
                        continue
                    }
                    let example = examples[id] ?? Example()
                    let concrete = Self.fill(path, example.id) + example.query
                    let verb = HTTPMethod(rawValue: method.uppercased())
                    let answer = try await running.send(verb, concrete, key: running.adminKey, json: example.body)
                    #expect(
                        example.statuses.contains(answer.status), "\(id): \(answer.status) \(answer.text.prefix(300))")
                    let declared = operation["responses"]?[String(answer.status)] ?? operation["responses"]?["default"]
                    let schema = declared?["content"]?["application/json"]?["schema"]
                    if let schema {
                        let problem = SchemaCheck(root: document).problem(answer.json, schema, "$")
                        #expect(problem == nil, "\(id): \(problem ?? "")")
                    }
                    called += 1
                }
            }
            #expect(called >= 30)
        }
    }

    @Test("every operation but the open ones refuses a caller without credentials")
    func unauthenticated() async throws {
        try await RunningHouse.with { running in
            let document = try await running.send(.GET, "/api/v1/openapi.json").json
            for (path, item) in document["paths"]?.object ?? [:] {
                for (method, operation) in item.object ?? [:] where operation["security"] == nil {
                    let answer = try await running.send(HTTPMethod(rawValue: method.uppercased()), Self.fill(path, "x"))
                    #expect(answer.status == 401, "\(method) \(path): \(answer.status)")
                }
            }
        }
    }

    @Test(
        "the document is valid OpenAPI 3.1",
        .enabled(if: ValidatorSetup.isThere, "needs python with openapi-spec-validator"))
    func valid() async throws {
        try await RunningHouse.with { running in
            let document = try await running.send(.GET, "/api/v1/openapi.json")
            let file = running.house.dataDirectory + "/openapi.json"
            try Data(document.body).write(to: URL(fileURLWithPath: file))
            let (status, output) = try await BrowserSetup.runOffPool(
                [ValidatorSetup.python, "-m", "openapi_spec_validator", file], [:])
            #expect(status == 0, "\(output)")
        }
    }

    private static func fill(_ path: String, _ id: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map {
            $0 == "{index}" ? "0" : $0.hasPrefix("{") ? Percent.encode(id.isEmpty ? "none" : id) : String($0)
        }.joined(separator: "/")
    }

    private static func examples(_ running: RunningHouse) async throws -> [String: Example] {
        func ask(_ room: String) async throws -> (action: String, approval: String) {
            let wanted: JSON = [
                "tool": "demo.thermostat.set", "target": .string("room:\(room)"), "arguments": ["degrees": 21],
            ]
            let answer = try await running.send(.POST, "/api/v1/actions", key: running.agentKey, json: wanted)
            return (try answer.json.text("action_id"), try (answer.json["approval"] ?? .null).text("id"))
        }
        let (shown, yes, no, undone) = (try await ask("a"), try await ask("b"), try await ask("c"), try await ask("d"))
        _ = try await running.send(
            .POST, "/api/v1/approvals/\(undone.approval)/approve", key: running.adminKey, json: ["reason": "ok then"])
        let own = try await running.send(.POST, "/api/v1/sessions", key: running.adminKey, json: [:]).json.text("id")
        let ended = try await running.send(.POST, "/api/v1/sessions", key: running.adminKey, json: [:]).json.text("id")
        let (key, _) = try await running.house.gate.identity.createKey(
            for: running.agent.id, name: "spare", expires: nil)
        let victim = try await running.house.gate.identity.addPrincipal(
            kind: .service, name: "victim", roles: ["viewer"])
        try await running.house.gate.identity.kill(victim.id, reason: "for the test of reviving")
        let other = try await running.house.gate.identity.addPrincipal(kind: .service, name: "other", roles: ["viewer"])
        let session = try await running.send(.POST, "/api/v1/sessions", key: running.agentKey, json: [:]).json.text(
            "id")
        _ = try await running.house.gate.sessions.breakGlass(session, reason: "a drill for the review")
        let review = try await running.house.gate.sessions.reviews().first?.id ?? ""
        let done: Set = [200, 202]
        let read: JSON = ["tool": "demo.library.look_up", "target": "library:main", "arguments": [:]]
        return [
            "submitAction": Example(body: read), "getAction": Example(id: shown.action),
            "undoAction": Example(id: undone.action, body: [:], statuses: done),
            "collectAnswer": Example(id: "act_none", statuses: [404]),
            "getApproval": Example(id: shown.approval),
            "approve": Example(id: yes.approval, body: ["reason": "checked it"]),
            "deny": Example(id: no.approval, body: ["reason": "not today"]),
            "proveConsistency": Example(query: "?from=1"),
            "openSession": Example(body: [:], statuses: [201]), "endSession": Example(id: ended, statuses: done),
            "breakGlass": Example(id: own, body: ["reason": "everything is on fire"], statuses: done),
            "closeReview": Example(id: review, body: ["note": "looked at all of it"], statuses: done),
            "addPrincipal": Example(body: ["name": "new one", "kind": "agent", "roles": ["viewer"]], statuses: done),
            "killPrincipal": Example(id: other.id, body: ["reason": "it went astray"], statuses: done),
            "revivePrincipal": Example(id: victim.id, statuses: done),
            "createKey": Example(body: ["name": "ci"], statuses: [201]),
            "approveMCPTools": Example(body: [:], statuses: [404]),
            "loginToMCPServer": Example(body: [:], statuses: [404]),
            "logoutOfMCPServer": Example(body: [:], statuses: [404]),
            "revokeKey": Example(id: key.id, statuses: done), "getFinding": Example(id: "fnd_none", statuses: [404]),
            "getFindingHistory": Example(id: "fnd_none", statuses: [404]),
            "triageFinding": Example(id: "fnd_none", body: ["state": "open", "reason": "look again"], statuses: [404]),
            "getAssessment": Example(id: "asm_none", statuses: [404]),
            "getReport": Example(id: "asm_none", statuses: [404]),
            "makeSignInLink": Example(statuses: [201]),
            "beginConversation": Example(body: [:], statuses: [201]),
            "readConversation": Example(id: "none", statuses: [404]),
            "say": Example(id: "none", body: ["text": "help"], statuses: [404]),
            "speak": Example(id: "none", statuses: [404]),
            "askCouncil": Example(
                body: ["models": ["a/m", "b/m"], "messages": [["role": "user", "content": "Yes or no?"]]]),
        ].merging(policyExamples) { $1 }
    }

    private static var policyExamples: [String: Example] {
        [
            "askData": Example(body: ["input": [:]]), "askDataAt": Example(body: ["input": [:]]),
            "askBare": Example(body: [:]), "askBareAt": Example(id: "other", body: [:], statuses: [404]),
            "askDefault": Example(body: [:], statuses: [404]),
            "getQuery": Example(query: "?q=x%3A%3D1"), "askQuery": Example(body: ["query": "x := 1"]),
            "compileQuery": Example(body: ["query": "input.x == 1"]), "getPolicy": Example(id: "none", statuses: [404]),
            "putPolicy": Example(body: [:], statuses: [400]),
            "deletePolicy": Example(id: "none", statuses: [404]), "putData": Example(body: [:], statuses: [204]),
            "patchData": Example(id: "other", body: [], statuses: [404]),
            "deleteData": Example(id: "other", statuses: [404]),
        ]
    }
}

enum ValidatorSetup {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
    static let isThere = (try? BrowserSetup.run([python, "-c", "import openapi_spec_validator"], [:]).status) == 0
    static let readsMetrics = (try? BrowserSetup.run([python, "-c", "import prometheus_client"], [:]).status) == 0
}

/// As much of JSON Schema as our own document uses.
struct SchemaCheck {
    let root: JSON

    /// Nil when the value fits.
    func problem(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = root["components"]?["schemas"]?[name] else {
                return "\(place): \(reference) leads nowhere"
            }
            return problem(value, target, place)
        }
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            return "\(place): \(value) is none of \(choices)"
        }
        switch schema["type"]?.string {
        case "string": return value.string == nil ? "\(place): not a text: \(value)" : nil
        case "integer": return value.int == nil ? "\(place): not a whole number: \(value)" : nil
        case "boolean": return value.bool == nil ? "\(place): not a truth value: \(value)" : nil
        case "array": return items(value, schema, place)
        case "object": return members(value, schema, place)
        default: return nil
        }
    }

    private func items(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
        guard let array = value.array else { return "\(place): not a list" }
        for (index, item) in array.enumerated() {
            if let found = problem(item, schema["items"] ?? [:], "\(place)[\(index)]") { return found }
        }
        return nil
    }

    private func members(_ value: JSON, _ schema: JSON, _ place: String) -> String? {
        guard let object = value.object else { return "\(place): not an object: \(value)" }
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where object[name] == nil {
            return "\(place): no '\(name)'"
        }
        guard let properties = schema["properties"]?.object else { return nil }
        for (name, member) in object {
            guard let known = properties[name] else { return "\(place): '\(name)' is not in the schema" }
            if let found = problem(member, known, "\(place).\(name)") { return found }
        }
        return nil
    }
}
