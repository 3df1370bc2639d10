import Core
import Foundation
import Gate
import JSON
import Logging
import NIOHTTP1
import Policy
import Rego
import TestSupport
import Testing
import Web

@testable import Server

/// The tutorial's policy: roles grant, users have roles.
enum RBAC {
    static let text = """
        package app.rbac

        default allow := false

        allow if {
        	some role in data.app_roles.users[input.user]
        	some grant in data.app_roles.grants[role]
        	grant == {"action": input.action, "type": input.type}
        }

        named := upper(input.user)
        """
    static let data: JSON = [
        "users": ["alice": ["admin"], "bob": ["reader"]],
        "grants": [
            "admin": [["action": "read", "type": "dog"], ["action": "update", "type": "dog"]],
            "reader": [["action": "read", "type": "dog"]],
        ],
    ]

    static func put(_ running: RunningHouse) async throws {
        let module = try await running.send(
            .PUT, "/v1/policies/app/rbac.rego", key: running.adminKey, bytes: Array(text.utf8))
        #expect(module.status == 200 && module.json == [:], "\(module.text)")
        let roles = try await running.send(.PUT, "/v1/data/app_roles", key: running.adminKey, json: data)
        #expect(roles.status == 204, "\(roles.text)")
    }
}

@Suite("OPA's Data API", .serialized)
struct DataAPITests {
    @Test("a document is decided for an input, in OPA's shape, and each decision has an id")
    func decides() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let input: JSON = ["input": ["user": "bob", "action": "read", "type": "dog"]]
            let yes = try await running.send(.POST, "/v1/data/app/rbac/allow", key: running.agentKey, json: input)
            #expect(yes.status == 200 && yes.json["result"] == true, "\(yes.text)")
            #expect(Identifier.isValid(yes.json["decision_id"]?.string ?? "", prefix: "dec"))
            #expect(yes.json["warning"] == nil && yes.json["metrics"] == nil && yes.json["provenance"] == nil)
            let no = try await running.send(
                .POST, "/v1/data/app/rbac/allow/", key: running.agentKey,
                json: ["input": ["user": "bob", "action": "update", "type": "dog"]])
            #expect(no.json["result"] == false)
            let package = try await running.send(.POST, "/v1/data/app/rbac", key: running.agentKey, json: input)
            #expect(package.json["result"] == ["allow": true, "named": "BOB"], "\(package.text)")
            let get = try await running.send(
                .GET, "/v1/data/app/rbac/named?input=\(Percent.encode("{\"user\":\"eve\"}"))",
                key: running.agentKey)
            #expect(get.json["result"] == "EVE" && get.json["warning"] == nil)
            let whole = try await running.send(.GET, "/v1/data", key: running.agentKey)
            #expect(whole.json["result"]?["app_roles"] == RBAC.data, "\(whole.text.prefix(300))")
        }
    }

    @Test("undefined is an answer without result; no input is warned of; the older API answers 404")
    func undefined() async throws {
        try await RunningHouse.with { running in
            let nothing = try await running.send(.POST, "/v1/data/no/such/thing", key: running.agentKey, json: [:])
            #expect(nothing.status == 200 && nothing.json["result"] == nil)
            #expect(nothing.json["warning"]?["code"] == "api_usage_warning")
            let bare = try await running.send(.POST, "/v0/data/no/such/thing", key: running.agentKey, json: [:])
            #expect(bare.status == 404 && bare.json["code"] == "undefined_document", "\(bare.text)")
            let main = try await running.send(.POST, "/", key: running.agentKey, json: [:])
            #expect(main.status == 404 && main.json["code"] == "undefined_document")
            _ = try await running.send(
                .PUT, "/v1/policies/main", key: running.adminKey,
                bytes: Array("package system\nmain := {\"echo\": input.x}".utf8))
            let decided = try await running.send(.POST, "/", key: running.agentKey, json: ["x": [1, 2]])
            #expect(decided.status == 200 && decided.json == ["echo": [1, 2]], "\(decided.text)")
            let older = try await running.send(
                .POST, "/v0/data/system/main/echo", key: running.agentKey, json: ["x": 7])
            #expect(older.json == 7)
        }
    }

    @Test("metrics, provenance, explanations and indentation come when they are asked for")
    func extras() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let input: JSON = ["input": ["user": "bob", "action": "read", "type": "dog"]]
            let path = "/v1/data/app/rbac/allow?metrics&provenance=true&explain=full"
            let answer = try await running.send(.POST, path, key: running.agentKey, json: input)
            #expect((answer.json["metrics"]?["timer_rego_query_eval_ns"]?.int ?? 0) > 0, "\(answer.text.prefix(300))")
            #expect(answer.json["provenance"]?["revision"]?.string?.count == 64)
            let events = answer.json["explanation"]?.array ?? []
            #expect(events.contains { $0["op"] == "enter" && $0["location"]?["file"] == "app/rbac.rego" })
            let pretty = try await running.send(
                .POST, "/v1/data/app/rbac/allow?pretty&explain=notes", key: running.agentKey, json: input)
            #expect(pretty.text.contains("\n  \"result\": true") && pretty.text.hasSuffix("}\n"), "\(pretty.text)")
            let wrong = try await running.send(
                .POST, "/v1/data/app/rbac/allow?explain=loud", key: running.agentKey, json: input)
            #expect(wrong.status == 400 && wrong.json["code"] == "invalid_parameter")
        }
    }

    @Test("errors: of the input, of the query, of the evaluation, each with OPA's status and place")
    func errors() async throws {
        try await RunningHouse.with { running in
            let text = """
                package bad
                strict := to_number(input.x)
                two := 1 if input.a
                two := 2 if input.b
                long := count([1 | some i in numbers.range(1, 30000); some j in numbers.range(1, 30000); i == j])
                """
            _ = try await running.send(.PUT, "/v1/policies/bad", key: running.adminKey, bytes: Array(text.utf8))
            for body in ["{", "[1]", "7", "{\"input\": nul}", "\u{1}"] {
                let answer = try await running.send(
                    .POST, "/v1/data/bad", key: running.agentKey, bytes: Array(body.utf8))
                #expect(answer.status == 400 && answer.json["code"] == "invalid_parameter", "\(body): \(answer.text)")
            }
            let lax = try await running.send(
                .POST, "/v1/data/bad/strict", key: running.agentKey, json: ["input": ["x": "seven"]])
            #expect(lax.status == 200 && lax.json["result"] == nil)
            let strict = try await running.send(
                .POST, "/v1/data/bad/strict?strict-builtin-errors", key: running.agentKey,
                json: ["input": ["x": "seven"]])
            #expect(strict.status == 500 && strict.json["code"] == "internal_error", "\(strict.text)")
            let first = strict.json["errors"]?[0]
            #expect(first?["code"] == "eval_builtin_error" && first?["location"]?["file"] == "bad", "\(strict.text)")
            let two = try await running.send(
                .POST, "/v1/data/bad/two", key: running.agentKey, json: ["input": ["a": 1, "b": 1]])
            #expect(two.status == 500 && two.json["errors"]?[0]?["code"] == "eval_conflict_error", "\(two.text)")
            let long = try await running.send(.POST, "/v1/data/bad/long", key: running.agentKey, json: [:])
            #expect(long.status == 500 && long.json["errors"]?[0]?["code"] == "eval_limit_error", "\(long.text)")
            let health = try await running.send(.GET, "/health")
            #expect(health.status == 200 && health.json == [:])
        }
    }

    @Test("queries: by GET and by POST, with bindings; what is wrong with one is named with its place")
    func queries() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let query = "data.app_roles.users[name][_] == \"admin\""
            let get = try await running.send(
                .GET, "/v1/query?q=\(Percent.encode(query))", key: running.agentKey)
            #expect(get.status == 200 && get.json["result"] == [["name": "alice"]], "\(get.text)")
            let post = try await running.send(
                .POST, "/v1/query", key: running.agentKey, json: ["query": "x := input.n + 1", "input": ["n": 41]])
            #expect(post.json["result"] == [["x": 42]], "\(post.text)")
            let none = try await running.send(
                .POST, "/v1/query", key: running.agentKey, json: ["query": "input.n == 1", "input": ["n": 2]])
            #expect(none.status == 200 && none.json["result"] == nil, "\(none.text)")
            for bad in ["x := ", "x == 1", "no_such_function(1)"] {
                let answer = try await running.send(
                    .POST, "/v1/query", key: running.agentKey, json: ["query": .string(bad)])
                #expect(
                    answer.status == 400 && answer.json["errors"]?[0]?["location"]?["row"]?.int == 1, "\(answer.text)")
            }
            let missing = try await running.send(.GET, "/v1/query", key: running.agentKey)
            #expect(missing.status == 400)
        }
    }

    @Test("what is left of a query comes as OPA's syntax tree")
    func partial() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let left = try await running.send(
                .POST, "/v1/compile", key: running.agentKey,
                json: [
                    "query": "data.app.rbac.allow == true", "unknowns": ["input.action"],
                    "input": ["user": "bob", "type": "dog"],
                ])
            #expect(left.status == 200 && left.json["result"]?["queries"]?.array?.isEmpty == false, "\(left.text)")
            #expect(left.text.contains("\"read\"") && !left.text.contains("\"update\""), "\(left.text)")
            let always = try await running.send(
                .POST, "/v1/compile", key: running.agentKey, json: ["query": "1 == 1"])
            #expect(always.json["result"]?["queries"] == [[]], "\(always.text)")
            let never = try await running.send(.POST, "/v1/compile", key: running.agentKey, json: ["query": "1 == 2"])
            #expect(never.status == 200 && never.json["result"]?["queries"] == nil, "\(never.text)")
            let bad = try await running.send(.POST, "/v1/compile", key: running.agentKey, json: ["query": "x =="])
            #expect(bad.status == 400 && bad.json["errors"]?[0]?["code"] == "rego_parse_error", "\(bad.text)")
        }
    }

    @Test("compressed bodies are taken, within bounds, and large answers are compressed for who takes that")
    func compression() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let body: JSON = ["input": ["user": "bob", "action": "read", "type": "dog"]]
            let packed = try GzipText.compress(body.bytes())
            let answer = try await running.send(
                .POST, "/v1/data/app/rbac/allow", key: running.agentKey, bytes: packed,
                headers: [("content-encoding", "gzip")])
            #expect(answer.json["result"] == true, "\(answer.text)")
            let bomb = try GzipText.compress([UInt8](repeating: 0x20, count: 64 << 20))
            let refused = try await running.send(
                .POST, "/v1/data/app/rbac/allow", key: running.agentKey, bytes: bomb,
                headers: [("content-encoding", "gzip")])
            #expect(refused.status == 413, "\(refused.text)")
            let broken = try await running.send(
                .POST, "/v1/data/app/rbac/allow", key: running.agentKey, bytes: Array(packed.dropLast(9)),
                headers: [("content-encoding", "gzip")])
            #expect(broken.status == 400)
            let long = "package long\n" + String(repeating: "# so that there is something to compress\n", count: 50)
            _ = try await running.send(.PUT, "/v1/policies/long", key: running.adminKey, bytes: Array(long.utf8))
            let large = try await running.send(
                .GET, "/v1/policies", key: running.agentKey, headers: [("accept-encoding", "br, gzip")])
            #expect(large.headers["content-encoding"].first == "gzip")
            let plain = try GzipText.decompress(large.body, limit: 16 << 20)
            #expect(try JSON.parse(plain)["result"]?.array?.isEmpty == false)
        }
    }

    @Test("who asks must be known and have a role; only health is open")
    func access() async throws {
        try await RunningHouse.with { running in
            for path in ["/v1/data", "/v1/data/a/b", "/v1/query?q=x", "/v1/policies", "/v1/status", "/v1/config"] {
                let answer = try await running.send(.GET, path)
                #expect(answer.status == 401 && answer.json["code"] == "unauthorized", "\(path): \(answer.text)")
                #expect(answer.headers["www-authenticate"].first?.hasPrefix("Bearer") == true)
            }
            for path in ["/", "/v0/data/a", "/v1/data/a", "/v1/query"] {
                #expect(try await running.send(.POST, path, json: [:]).status == 401, "\(path)")
            }
            let identity = running.house.gate.identity
            let stranger = try await identity.addPrincipal(kind: .service, name: "stranger", roles: [])
            let (_, key) = try await identity.createKey(for: stranger.id, name: "test", expires: nil)
            let refused = try await running.send(.POST, "/v1/data/a", key: key.expose(), json: [:])
            #expect(refused.status == 403 && refused.json["code"] == "unauthorized", "\(refused.text)")
            #expect(try await running.send(.GET, "/health?bundles&plugins").status == 200)
            let missing = try await running.send(.GET, "/v1/nothing", key: running.agentKey)
            #expect(missing.status == 404 && missing.json["code"] == "resource_not_found", "\(missing.text)")
        }
    }
}

@Suite("OPA's API: changes", .serialized)
struct PolicyChangeTests {
    @Test("an admin's module is in force at once; what is wrong with one is named with its place")
    func modules() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let list = try await running.send(.GET, "/v1/policies", key: running.agentKey)
            let ids = list.json["result"]?.array?.compactMap { $0["id"]?.string } ?? []
            #expect(ids.contains("app/rbac.rego"), "\(ids)")
            let one = try await running.send(.GET, "/v1/policies/app/rbac.rego", key: running.agentKey)
            #expect(one.json["result"]?["raw"]?.string == RBAC.text)
            let bad = try await running.send(
                .PUT, "/v1/policies/bad.rego", key: running.adminKey, bytes: Array("package a\n\np := x\n".utf8))
            #expect(bad.status == 400 && bad.json["code"] == "invalid_parameter", "\(bad.text)")
            let first = bad.json["errors"]?[0]
            #expect(first?["code"] == "rego_unsafe_var_error" && first?["location"]?["row"] == 3, "\(bad.text)")
            let unread = try await running.send(
                .PUT, "/v1/policies/bad.rego", key: running.adminKey, bytes: Array("package a\np := {".utf8))
            #expect(unread.json["errors"]?[0]?["code"] == "rego_parse_error", "\(unread.text)")
            for text in ["package gatehouse.custom\nallow contains {\"rule\": \"x\"}", "package gatehouse\nx := 1"] {
                let own = try await running.send(
                    .PUT, "/v1/policies/own.rego", key: running.adminKey, bytes: Array(text.utf8))
                #expect(own.status == 400 && own.text.contains("configuration"), "\(own.text)")
            }
            let unknown = try await running.send(.GET, "/v1/policies/none", key: running.agentKey)
            #expect(unknown.status == 404 && unknown.json["code"] == "resource_not_found")
            let gone = try await running.send(.DELETE, "/v1/policies/app/rbac.rego", key: running.adminKey)
            #expect(gone.status == 200, "\(gone.text)")
            let again = try await running.send(.DELETE, "/v1/policies/app/rbac.rego", key: running.adminKey)
            #expect(again.status == 404, "\(again.text)")
        }
    }

    @Test("an operator's module waits for people, who see a diff; it can be undone")
    func waits() async throws {
        try await RunningHouse.with { running in
            try await RBAC.put(running)
            let text = RBAC.text + "\nmore := 1\n"
            let asked = try await running.send(
                .PUT, "/v1/policies/app/rbac.rego", key: running.agentKey, bytes: Array(text.utf8))
            #expect(asked.status == 202, "\(asked.text)")
            let approval = asked.json["approval"] ?? .null
            let diff = approval["preview"]?["diff"]?.string ?? ""
            #expect(diff.contains("+more := 1") && !diff.contains("-package") && diff.contains("@@ -"), "\(diff)")
            let before = try await running.send(.POST, "/v1/data/app/rbac/more", key: running.agentKey, json: [:])
            #expect(before.json["result"] == nil)
            let id = try approval.text("id")
            let approved = try await running.send(
                .POST, "/api/v1/approvals/\(id)/approve", key: running.adminKey,
                json: ["reason": "looks right", "binding": approval["binding"] ?? .null])
            #expect(approved.status == 200, "\(approved.text)")
            let after = try await running.send(.POST, "/v1/data/app/rbac/more", key: running.agentKey, json: [:])
            #expect(after.json["result"] == 1)
            let action = try asked.json.text("action_id")
            let undone = try await running.send(
                .POST, "/api/v1/actions/\(action)/undo", key: running.adminKey, json: ["reason": "it was wrong"])
            #expect(undone.status == 200, "\(undone.text)")
            let restored = try await running.send(.GET, "/v1/policies/app/rbac.rego", key: running.agentKey)
            #expect(restored.json["result"]?["raw"]?.string == RBAC.text)
        }
    }

    @Test("data: put, patched and deleted, with OPA's statuses")
    func data() async throws {
        try await RunningHouse.with { running in
            func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil, _ headers: [(String, String)] = [])
                async throws -> RunningHouse.Answer
            {
                try await running.send(method, path, key: running.adminKey, json: body, headers: headers)
            }
            #expect(try await send(.PUT, "/v1/data/servers/web", ["ports": [80]]).status == 204)
            #expect(try await send(.PUT, "/v1/data/servers/web", ["x": 1], [("if-none-match", "*")]).status == 304)
            #expect(try await send(.PUT, "/v1/data/servers/db", ["ports": [1]], [("if-none-match", "*")]).status == 204)
            let patch: JSON = [
                ["op": "add", "path": "/ports/-", "value": 443], ["op": "replace", "path": "/ports/0", "value": 8080],
            ]
            #expect(try await send(.PATCH, "/v1/data/servers/web", patch).status == 204)
            let read = try await send(.GET, "/v1/data/servers/web/ports")
            #expect(read.json["result"] == [8080, 443], "\(read.text)")
            let bad = try await send(.PATCH, "/v1/data/servers/web", [["op": "remove", "path": "/none"]])
            #expect(bad.status == 400, "\(bad.text)")
            #expect(try await send(.PATCH, "/v1/data/none", patch).status == 404)
            #expect(try await send(.DELETE, "/v1/data/servers/db").status == 204)
            #expect(try await send(.DELETE, "/v1/data/servers/db").status == 404)
            let own = try await send(.PUT, "/v1/data/gatehouse/environments", ["production": ["*"]])
            #expect(own.status == 400, "\(own.text)")
            let blocked = try await send(.PUT, "/v1/data/servers/web/ports/deep/er", 1)
            #expect(blocked.status == 400, "\(blocked.text)")
            let empty = try await send(.PUT, "/v1/data/servers/none")
            #expect(empty.status == 400)
        }
    }

    @Test("what was put is there after a restart, and what was deleted is not")
    func restart() async throws {
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let first = try await House.open(dataDirectory: folder, logger: .init(label: "test"))
        try await first.policy.put(module: Array("package lib\nf(x) := x + 1".utf8), id: "lib")
        try await first.policy.put(module: Array("package app\nanswer := data.lib.f(data.base.n)".utf8), id: "app")
        try await first.policy.put(module: Array("package gone\nx := 1".utf8), id: "gone")
        try await first.policy.put(data: 41, at: ["base", "n"])
        try await first.policy.delete(module: "gone")
        let revision = first.policy.store.current.revision
        await first.close()
        let second = try await House.open(dataDirectory: folder, logger: .init(label: "test"))
        #expect(try second.policy.store.current.evaluate(path: ["app", "answer"], input: nil) == 42)
        #expect(second.policy.store.own.modules.keys.sorted() == ["app", "lib"])
        #expect(second.policy.store.current.revision == revision && second.policy.incomplete == nil)
        await second.close()
    }
}
