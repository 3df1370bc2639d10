import Core
import Foundation
import Gate
import JSON
import NIOHTTP1
import Policy
import Rego
import TestSupport
import Testing

@testable import Server

/// A server that policy asks, as a real process.
private enum AskedServer {
    static func start() async throws -> PolicyPeer { try await PolicyPeer(script) }

    /// What it was asked, in order: `METHOD PATH`.
    static func log(_ peer: PolicyPeer) -> [String] {
        let text = (try? String(contentsOfFile: "\(peer.folder)/log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    private static let script = #"""
        import http.server, json, os, sys, threading, time, urllib.parse
        folder = sys.argv[1]
        lock = threading.Lock()
        flaky = [2]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body=b"", headers=()):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD": self.wfile.write(body)
            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock, open(folder + "/log", "a") as file: file.write(self.command + " " + self.path + "\n")
                url = urllib.parse.urlsplit(self.path)
                asked = dict(urllib.parse.parse_qsl(url.query))
                if url.path == "/json":
                    return self.answer(200, b'{"owner": "ada", "n": [1, 2.50]}',
                        [("Content-Type", "application/json; charset=utf-8"), ("X-Twice", "a"), ("X-Twice", "b")])
                if url.path == "/echo":
                    told = {"method": self.command, "body": body.decode(), "headers": {k.lower(): v for k, v in self.headers.items()}}
                    return self.answer(200, json.dumps(told).encode(), [("Content-Type", "application/vnd.test+json")])
                if url.path == "/text": return self.answer(200, b'{"plain": 1}', [("Content-Type", "text/plain")])
                if url.path == "/broken": return self.answer(200, b'{"half":', [("Content-Type", "application/json")])
                if url.path == "/bytes": return self.answer(200, bytes([0xff, 0x41]))
                if url.path == "/yaml": return self.answer(200, b"a: [1, 2]\n", [("Content-Type", "application/yaml")])
                if url.path == "/slow": time.sleep(20); return self.answer(200)
                if url.path == "/large": return self.answer(200, b"x" * int(asked["bytes"]))
                if url.path == "/fail": return self.answer(503, b"down")
                if url.path == "/to": return self.answer(int(asked.get("code", 302)), b"", [("Location", asked["url"])])
                if url.path == "/loop": return self.answer(302, b"", [("Location", "/loop")])
                if url.path == "/flaky":
                    with lock: flaky[0] -= 1; drop = flaky[0] >= 0
                    if drop: self.close_connection = True; self.connection.close(); return
                    return self.answer(200, b"true", [("Content-Type", "application/json")])
                if url.path == "/garbage": self.wfile.write(b"\x00\x01nonsense\r\n\r\n"); self.close_connection = True; return
                self.answer(404)
            do_GET = do_POST = do_HEAD = do_PATCH = handle_one

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *a): pass  # clients leave in the middle of what is too large

        server = Server(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        with open(folder + "/port.new", "w") as file: file.write(str(server.server_address[1]) + "\n")
        os.rename(folder + "/port.new", folder + "/port")
        server.serve_forever()
        """#
}

@Suite("Policy asks servers", .serialized, .enabled(if: PolicyPeer.isThere, "needs python3"))
struct PolicyRequestTests {
    /// A house whose policy may ask the server, and may not ask the other.
    private static func with(
        _ work:
            @escaping @Sendable (_ running: RunningHouse, _ server: PolicyPeer, _ other: PolicyPeer) async throws ->
            Void
    ) async throws {
        let server = try await AskedServer.start()
        defer { server.stop() }
        let other = try await AskedServer.start()
        defer { other.stop() }
        let host = String(server.address.dropFirst("http://".count))
        var settings = GateSettings.standard
        settings.policy.httpHosts = try AllowedHosts([host])
        try await RunningHouse.with(settings: settings) { running in try await work(running, server, other) }
    }

    /// What a query gives, or why it gives nothing.
    private static func ask(_ running: RunningHouse, _ request: JSON, raising: Bool = false) async throws -> JSON {
        var request = request
        request["raise_error"] = .bool(raising)
        let answer = try await running.send(
            .POST, "/v1/query?strict-builtin-errors", key: running.agentKey,
            json: ["query": "x := http.send(input)", "input": request])
        return answer.json["result"]?[0]?["x"] ?? answer.json
    }

    @Test("a response has its status, headers and body, decoded where it is JSON or YAML")
    func responses() async throws {
        try await Self.with { running, server, _ in
            let json = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/json")])
            #expect(json["status_code"] == 200 && json["status"] == "200 OK", "\(json.text())")
            #expect(json["body"]?["owner"] == "ada" && json["raw_body"] == #"{"owner": "ada", "n": [1, 2.50]}"#)
            #expect(json["headers"]?["x-twice"] == ["a", "b"] && json["error"] == nil)
            let text = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/text")])
            #expect(text["body"] == .null && text["raw_body"] == #"{"plain": 1}"#)
            let forced = try await Self.ask(
                running, ["method": "get", "url": .string("\(server.address)/text"), "force_json_decode": true])
            #expect(forced["body"] == ["plain": 1])
            let broken = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/broken")])
            #expect(broken["status_code"] == 200 && broken["body"] == .null && broken["raw_body"] == #"{"half":"#)
            let yaml = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/yaml")])
            #expect(yaml["body"] == ["a": [1, 2]])
            let bytes = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/bytes")])
            #expect(bytes["raw_body"] == "\u{FFFD}A", "\(bytes.text())")
            let down = try await Self.ask(running, ["method": "get", "url": .string("\(server.address)/fail")])
            #expect(down["status_code"] == 503 && down["raw_body"] == "down")
            let head = try await Self.ask(running, ["method": "head", "url": .string("\(server.address)/json")])
            #expect(head["status_code"] == 200 && head["body"] == .null, "\(head.text())")
        }
    }

    @Test("a request carries method, headers and body; what a sender sets is not taken from policy")
    func requests() async throws {
        try await Self.with { running, server, _ in
            let url = JSON.string("\(server.address)/echo")
            let posted = try await Self.ask(
                running,
                ["method": "post", "url": url, "body": ["b": [1, "ü"], "a": .null], "headers": ["X-Mine": "7"]])["body"]
            #expect(posted?["method"] == "POST" && posted?["body"] == #"{"a":null,"b":[1,"ü"]}"#, "\(posted ?? .null)")
            #expect(posted?["headers"]?["x-mine"] == "7" && posted?["headers"]?["user-agent"] == "gatehouse/test")
            let raw = try await Self.ask(
                running, ["method": "PATCH", "url": url, "body": 1, "raw_body": "as it is"])["body"]
            #expect(raw?["body"] == "as it is" && raw?["method"] == "PATCH")
            let wrong: [(JSON, String)] = [
                (["url": url], "'method'"), (["method": "GET"], "'url'"), (["method": "G T", "url": url], "method"),
                (["method": "GET", "url": url, "colour": 1], "'colour'"),
                (["method": "GET", "url": url, "headers": ["Host": "x"]], "host"),
                (["method": "GET", "url": url, "headers": ["a": "b\r\nc: d"]], "no field"),
                (["method": "GET", "url": url, "headers": ["a b": "c"]], "no field"),
                (["method": "GET", "url": url, "timeout": "soon"], "'timeout'"),
                (["method": "GET", "url": url, "max_retry_attempts": -1], "'max_retry_attempts'"),
                (["method": "GET", "url": url, "tls_insecure_skip_verify": true], "certificates"),
                (["method": "GET", "url": url, "enable_redirect": "yes"], "'enable_redirect'"),
            ]
            for (request, words) in wrong {
                let answer = try await Self.ask(running, request)
                #expect(answer["error"]?["code"] == "eval_http_send_internal_error", "\(answer.text())")
                #expect(answer["error"]?["message"]?.string?.contains(words) == true, "\(answer.text())")
                #expect(answer["status_code"] == 0)
            }
        }
    }

    @Test("only hosts that are named are asked, by a redirect neither, however the address is spelled")
    func hosts() async throws {
        try await Self.with { running, server, other in
            let host = String(server.address.dropFirst("http://".count))
            let port = String(host.split(separator: ":")[1])
            let there = String(other.address.dropFirst("http://".count))
            for url in [
                "\(other.address)/json", "http://127.0.0.1/json", "https://127.0.0.1/", "http://localhost:\(port)/json",
                "http://\(host)@\(there)/json", "http://\(there)#@\(host)/", "http://\(there)\\@\(host)/",
                "http://\(there)?@\(host)/", "file:///etc/passwd", "ftp://\(host)/", "unix://localhost/x?socket=/tmp/x",
                "http:///json", "http://[::1]:\(port)/", "http://\(host)\u{0}/", "//\(host)/json", "",
                "http://\(host):\(port)/json",
            ] {
                let answer = try await Self.ask(running, ["method": "GET", "url": .string(url)])
                #expect(answer["error"]?["code"] == "eval_http_send_internal_error", "\(url): \(answer.text())")
            }
            let refused = try await Self.ask(running, ["method": "GET", "url": .string("\(other.address)/json")])
            let message = refused["error"]?["message"]?.string ?? ""
            #expect(message.contains(there) && message.contains("policy.http_hosts"), "\(message)")

            let away = JSON.string("\(server.address)/to?url=\(other.address)/json")
            let stays = try await Self.ask(running, ["method": "GET", "url": away])
            #expect(stays["status_code"] == 302 && stays["headers"]?["location"]?[0]?.string == "\(other.address)/json")
            let goes = try await Self.ask(running, ["method": "GET", "url": away, "enable_redirect": true])
            #expect(goes["error"]?["message"]?.string?.contains("to which \(host) redirects") == true, "\(goes.text())")
            #expect(AskedServer.log(other).isEmpty)
            for target in ["/json", "json", "\(server.address)/json"] {
                let follows = try await Self.ask(
                    running,
                    ["method": "GET", "url": .string("\(server.address)/to?url=\(target)"), "enable_redirect": true])
                #expect(follows["body"]?["owner"] == "ada", "\(target): \(follows.text())")
            }
            for (code, method) in [(303, "GET"), (307, "POST")] {
                let url = "\(server.address)/to?code=\(code)&url=/echo"
                let after = try await Self.ask(
                    running, ["method": "POST", "url": .string(url), "raw_body": "b", "enable_redirect": true])["body"]
                #expect(after?["method"]?.string == method && after?["body"]?.string == (code == 307 ? "b" : ""))
            }
            let loop = try await Self.ask(
                running, ["method": "GET", "url": .string("\(server.address)/loop"), "enable_redirect": true])
            #expect(loop["error"]?["message"]?.string?.contains("more than 10 times") == true, "\(loop.text())")
        }
    }

    @Test("a server that is slow, large, wrong or away is an error in time, and ends nothing else")
    func trouble() async throws {
        try await Self.with { running, server, _ in
            let waited = try await shortestTime(within: .seconds(2)) {
                let slow = try await Self.ask(
                    running, ["method": "GET", "url": .string("\(server.address)/slow?secret=1"), "timeout": "200ms"])
                let message = slow["error"]?["message"]?.string ?? ""
                #expect(slow["error"]?["code"] == "eval_http_send_network_error", "\(slow.text())")
                #expect(message.contains("timed out") && !message.contains("secret"), "\(message)")
            }
            #expect(waited < .seconds(2))
            let large = try await Self.ask(
                running, ["method": "GET", "url": .string("\(server.address)/large?bytes=9000000")])
            #expect(large["error"]?["message"]?.string?.contains("more than 4194304 bytes") == true, "\(large.text())")
            let much = try await Self.ask(
                running, ["method": "GET", "url": .string("\(server.address)/large?bytes=900000")])
            #expect(much["raw_body"]?.string?.utf8.count == 900_000)
            let garbage = try await Self.ask(running, ["method": "GET", "url": .string("\(server.address)/garbage")])
            #expect(garbage["error"]?["code"] == "eval_http_send_network_error", "\(garbage.text())")
            let flaky = try await Self.ask(
                running, ["method": "GET", "url": .string("\(server.address)/flaky"), "max_retry_attempts": 3])
            #expect(flaky["body"] == true, "\(flaky.text())")

            let raised = try await Self.ask(
                running, ["method": "GET", "url": .string("\(server.address)/slow"), "timeout": 100_000_000],
                raising: true)
            #expect(raised["errors"]?[0]?["code"] == "eval_builtin_error", "\(raised.text())")
            // As long as the evaluation, which ends it: no answer of the policy's own.
            async let whole = (
                Self.ask(running, ["method": "GET", "url": .string("\(server.address)/slow"), "timeout": "1m"]),
                ContinuousClock.now
            )
            let answered = try await shortestTime(within: .seconds(1)) {
                let other = try await running.send(.GET, "/v1/data/x", key: running.agentKey)
                #expect(other.status == 200)
            }
            let quick = ContinuousClock.now
            let (ended, over) = try await whole
            #expect(quick < over && answered < .seconds(1))
            #expect(ended["errors"]?[0]?["code"] == "eval_limit_error", "\(ended.text())")
        }
    }

    @Test("the same request is sent once in a query and again in the next; different ones are bounded")
    func repeats() async throws {
        try await Self.with { running, server, _ in
            let text = """
                package asks
                answer(n) := http.send({"method": "GET", "url": sprintf("%s/json?n=%d", [input, n])}).status_code
                same := [answer(1) | some i in numbers.range(1, 5)]
                many := count([1 | some n in numbers.range(1, 100); answer(n) == 200])
                """
            let put = try await running.send(
                .PUT, "/v1/policies/asks", key: running.adminKey, bytes: Array(text.utf8))
            #expect(put.status == 200, "\(put.text)")
            for asked in 1...2 {
                let same = try await running.send(
                    .POST, "/v1/data/asks/same", key: running.agentKey, json: ["input": .string(server.address)])
                #expect(same.json["result"] == [200, 200, 200, 200, 200], "\(same.text)")
                #expect(AskedServer.log(server).count == asked)
            }
            let many = try await running.send(
                .POST, "/v1/data/asks/many", key: running.agentKey, json: ["input": .string(server.address)])
            #expect(many.status == 500 && many.text.contains("more than 64 different requests"), "\(many.text)")
            #expect(AskedServer.log(server).count == 2 + 64)
        }
    }

    @Test("the gate's policy asks as well, and denies when the server does not answer")
    func gate() async throws {
        let server = try await AskedServer.start()
        defer { server.stop() }
        let scratch = ScratchFolder()
        defer { scratch.remove() }
        let folder = scratch.path
        let text = """
            package gatehouse.custom
            allow contains {"rule": "ours.owner", "reason": "the inventory knows an owner"} if {
            	input.action.tool == "demo.thermostat.set"
            	http.send({"method": "GET", "url": sprintf("\(server.address)/%s", [input.action.target])}).body.owner == "ada"
            }
            """
        try text.write(toFile: "\(folder)/own.rego", atomically: true, encoding: .utf8)
        var settings = GateSettings.standard
        settings.policy.paths = [folder]
        settings.policy.httpHosts = try AllowedHosts([String(server.address.dropFirst("http://".count))])
        try await RunningHouse.with(settings: settings) { running in
            func submit(_ target: String) async throws -> RunningHouse.Answer {
                try await running.send(
                    .POST, "/api/v1/actions", key: running.agentKey,
                    json: ["tool": "demo.thermostat.set", "target": .string(target), "arguments": ["degrees": 20]])
            }
            let allowed = try await submit("json")
            #expect(allowed.status == 200 && allowed.json["state"] == "done", "\(allowed.status) \(allowed.text)")
            let waited = try await shortestTime(within: .seconds(5)) {
                let slow = try await submit("slow")
                #expect(slow.status == 403 && slow.text.contains("policy.error"), "\(slow.status) \(slow.text)")
            }
            #expect(waited < .seconds(5))
        }
    }

    @Test("a host in the configuration is a name, with a port or without")
    func configuration() throws {
        let hosts = try AllowedHosts(["API.example.org", "10.0.0.1:8443", "[::1]:99"])
        func allows(_ url: String) throws -> Bool { hosts.allow(try HTTPTarget(url)) }
        #expect(try allows("https://api.example.org/x") && allows("http://api.example.ORG./x?y#z"))
        #expect(try !allows("https://api.example.org:8443/") && !allows("https://example.org/"))
        #expect(try allows("http://10.0.0.1:8443") && !allows("http://10.0.0.1/") && allows("https://[::1]:99/"))
        #expect(try !allows("https://xapi.example.org/") && !allows("https://api.example.org.evil.test/"))
        for wrong in [
            "https://api.example.org", "*.example.org", "a/b", "", "a:0", "a:99999", "a:b", "a@b", "::1", "ä",
        ] {
            #expect(throws: GatehouseError.self, "\(wrong)") { try AllowedHosts([wrong]) }
        }
    }
}
