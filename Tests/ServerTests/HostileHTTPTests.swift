import Core
import Foundation
import JSON
import NIOHTTP1
import TestSupport
import Testing

@testable import Server

@Suite("Hostile HTTP", .serialized)
struct HostileHTTPTests {
    /// Sent as it stands; the answer must begin with the status, and the connection must end without a second answer.
    static let refused: [(name: String, request: String, status: Int)] = [
        (
            "both lengths",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
            400
        ),
        (
            "two lengths",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400
        ),
        (
            "same length twice",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400
        ),
        ("list of lengths", "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2, 2\r\n\r\n{}", 400),
        ("signed length", "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n{}", 400),
        ("negative length", "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -2\r\n\r\n{}", 400),
        ("hex length", "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x2\r\n\r\n{}", 400),
        (
            "huge length",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n", 400
        ),
        ("space before colon", "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length : 2\r\n\r\n{}", 400),
        ("folded line", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: one\r\n two\r\n\r\n", 400),
        (
            "folded coding",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "unknown coding",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "obscured coding",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "coding twice",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            400
        ),
        (
            "coding with tab",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n", 400
        ),
        (
            "bad chunk size",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            400
        ),
        (
            "negative chunk",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
            400
        ),
        (
            "huge chunk",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
            400
        ),
        (
            "chunk without end",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}X\r\n0\r\n\r\n",
            400
        ),
        (
            "trailer",
            "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\n\r\n",
            400
        ),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("two hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        ("absolute target", "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("connect", "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("bare line feeds", "GET /healthz HTTP/1.1\nHost: localhost\n\n", 400),
        ("zero in a field", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n", 400),
        ("zero in the target", "GET /health\0z HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("not HTTP", "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}\r\n\r\n", 400),
        ("version 1.0", "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n", 505),
        ("version 9.9", "GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n", 400),
    ]

    @Test("what could be read in two ways is refused and ends the connection")
    func ambiguous() async throws {
        try await RunningHouse.with { running in
            for (name, request, status) in Self.refused {
                let socket = try RawSocket(port: running.port, timeout: 5)
                socket.send(request + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let (text, closed) = await socket.readToEnd()
                #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(name): \(text.prefix(60))")
                #expect(closed, "\(name): the connection stayed open")
                #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2, "\(name): more than one answer")
            }
        }
    }

    @Test("sizes are bounded")
    func sizes() async throws {
        try await RunningHouse.with { running in
            func answer(_ request: String) async throws -> String {
                let socket = try RawSocket(port: running.port)
                socket.send(request)
                return await socket.readToEnd().text
            }
            let host = "Host: localhost\r\n"
            try await #expect(
                answer("GET / HTTP/1.1\r\n\(host)X-A: \(String(repeating: "a", count: 100_000))\r\n\r\n").hasPrefix(
                    "HTTP/1.1 431"))
            try await #expect(
                answer("GET / HTTP/1.1\r\n\(host)\(String(repeating: "X-A: b\r\n", count: 200))\r\n").hasPrefix(
                    "HTTP/1.1 431"))
            try await #expect(
                answer("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n\(host)\r\n").hasPrefix("HTTP/1.1 414"))
            try await #expect(
                answer("POST /api/v1/actions HTTP/1.1\r\n\(host)Content-Length: 2000000\r\n\r\n").hasPrefix(
                    "HTTP/1.1 413"))
            let chunk = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"
            let chunked =
                "POST /api/v1/actions HTTP/1.1\r\n\(host)Authorization: Bearer \(running.adminKey)\r\nTransfer-Encoding: chunked\r\n\r\n"
            try await #expect(answer(chunked + String(repeating: chunk, count: 40)).contains("HTTP/1.1 413"))
        }
    }

    @Test("slow peers are let go: a slow header, a slow body, silence")
    func slow() async throws {
        try await RunningHouse.with(limits: {
            $0.headerTime = .milliseconds(400)
            $0.bodyTime = .milliseconds(400)
            $0.idleTime = .milliseconds(400)
        }) { running in
            let head = try RawSocket(port: running.port)
            head.send("GET /healthz HTTP/1.1\r\nHost: local")
            let (late, lateClosed) = await head.readToEnd()
            #expect(late.hasPrefix("HTTP/1.1 408") && lateClosed)
            let body = try RawSocket(port: running.port)
            body.send(
                "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ntoken="
            )
            let (slow, slowClosed) = await body.readToEnd()
            #expect(slow.hasPrefix("HTTP/1.1 408") && slowClosed)
            let silent = try RawSocket(port: running.port)
            await #expect(silent.readToEnd().closed)
            let idle = try RawSocket(port: running.port)
            idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let (answered, idleClosed) = await idle.readToEnd()
            #expect(answered.hasPrefix("HTTP/1.1 200") && idleClosed)
            #expect(!answered.contains("408"))
        }
    }

    @Test("a body that breaks off is never taken for a whole one")
    func cutOff() async throws {
        try await RunningHouse.with { running in
            let sign = try await running.signIn(running.admin)
            let form = "csrf=\(sign.csrf)"
            let socket = try RawSocket(port: running.port)
            socket.send("POST /sign-out HTTP/1.1\r\nHost: localhost\r\nCookie: \(sign.cookie)\r\n")
            socket.send(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count + 5)\r\n\r\n\(form)"
            )
            socket.endSending()
            let (text, _) = await socket.readToEnd()
            #expect(!text.contains("HTTP/1.1 303"))
            let still = try await running.send(.GET, "/", headers: [("cookie", sign.cookie)])
            #expect(still.status == 200, "the cut-off request was carried out")
        }
    }

    @Test("requests in a row on one connection are answered in order")
    func pipelined() async throws {
        try await RunningHouse.with { running in
            let socket = try RawSocket(port: running.port)
            let one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            socket.send(
                String(repeating: one, count: 20)
                    + "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let (text, closed) = await socket.readToEnd()
            #expect(text.components(separatedBy: "HTTP/1.1 200").count == 21)
            #expect(text.contains("HTTP/1.1 404") && closed)
        }
    }

    @Test("other names for this machine are refused, and requests from other sites")
    func rebinding() async throws {
        try await RunningHouse.with { running in
            func status(_ method: String, _ path: String, _ fields: String) async throws -> String {
                let socket = try RawSocket(port: running.port)
                socket.send("\(method) \(path) HTTP/1.1\r\n\(fields)Connection: close\r\nContent-Length: 0\r\n\r\n")
                return await String(socket.readToEnd().text.dropFirst(9).prefix(3))
            }
            try await #expect(status("GET", "/metrics", "Host: evil.example\r\n") == "400")
            try await #expect(status("GET", "/metrics", "Host: localhost.evil.example\r\n") == "400")
            try await #expect(status("GET", "/metrics", "Host: 127.0.0.1:1\r\n") == "200")
            try await #expect(status("GET", "/metrics", "Host: [::1]:8700\r\n") == "200")
            try await #expect(status("GET", "/healthz", "Host: 10.0.0.1\r\n") == "200")
            try await #expect(
                status("POST", "/sign-in", "Host: localhost\r\nOrigin: https://evil.example\r\n") == "403")
            try await #expect(status("POST", "/sign-in", "Host: localhost\r\nOrigin: null\r\n") == "403")
            try await #expect(status("POST", "/sign-in", "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n") == "403")
            try await #expect(status("POST", "/sign-in", "Host: localhost\r\nOrigin: http://localhost\r\n") != "403")
        }
    }

    @Test("JSON from outside is bounded and must be JSON")
    func json() async throws {
        try await RunningHouse.with { running in
            func post(_ bytes: [UInt8], type: String = "application/json") async throws -> String {
                let socket = try RawSocket(port: running.port)
                socket.send(
                    "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: \(type)\r\n"
                )
                socket.send("Authorization: Bearer \(running.adminKey)\r\nContent-Length: \(bytes.count)\r\n\r\n")
                socket.send(bytes)
                return await socket.readToEnd().text
            }
            let deep = String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)
            let bad: [[UInt8]] = [
                Array("{\"tool\":\(deep)}".utf8), Array("{\"tool\":\"a\",\"tool\":\"b\"}".utf8),
                [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D],
                Array("[]".utf8), Array("{".utf8), Array("{\"tool\":\"\\ud800\"}".utf8), Array("nul".utf8),
                Array("{} {}".utf8),
                Array("{\"tool\":1e999999}".utf8),
            ]
            for bytes in bad {
                let answer = try await post(bytes)
                #expect(answer.hasPrefix("HTTP/1.1 400") || answer.hasPrefix("HTTP/1.1 413"), "\(answer.prefix(200))")
            }
            try await #expect(post(Array("{}".utf8), type: "text/plain").hasPrefix("HTTP/1.1 422"))
        }
    }

    @Test("paths: no way up, no broken escapes, the right methods")
    func paths() async throws {
        try await RunningHouse.with { running in
            for path in [
                "/../../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/x", "/assets/..%2f..%2fetc%2fpasswd",
                "//etc/passwd",
                "/actions/%2e%2e", "/api/v1/actions/..%5c..", "/api/v1/actions/a%00b", "/api/v1/actions/%zz",
                "/api/v1/nothing", "/.git/config",
            ] {
                let socket = try RawSocket(port: running.port)
                socket.send(
                    "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(running.adminKey)\r\nConnection: close\r\n\r\n"
                )
                let text = await socket.readToEnd().text
                #expect(text.hasPrefix("HTTP/1.1 404"), "\(path): \(text.prefix(40))")
            }
            let wrong = try await running.send(.DELETE, "/api/v1/actions", key: running.adminKey)
            #expect(wrong.status == 405 && wrong.headers["allow"] == ["GET, HEAD, POST"])
            #expect(wrong.code == "invalid")
            let odd = try await running.send(.RAW(value: "BREW"), "/healthz")
            #expect(odd.status == 400)
            let query = try await running.send(.GET, "/api/v1/actions?before=%ff", key: running.adminKey)
            #expect(query.status == 400)
        }
    }

    @Test("many connections at once are all served")
    func many() async throws {
        try await RunningHouse.with { running in
            let sockets = try (0..<400).map { _ in try RawSocket(port: running.port) }
            for socket in sockets {
                socket.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            }
            for socket in sockets { await #expect(socket.readToEnd().text.hasPrefix("HTTP/1.1 200")) }
        }
    }

    @Test("random bytes never bring the server down")
    func noise() async throws {
        try await RunningHouse.with(limits: { $0.headerTime = .milliseconds(200) }) { running in
            var random = SeededRandom(seed: 20_261_121)
            let seed = Array(
                "POST /api/v1/actions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n{\"tool\":\"a\"}".utf8)
            for _ in 0..<150 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                        in: .min ... .max, using: &random)
                }
                let socket = try RawSocket(port: running.port, timeout: 1)
                socket.send(bytes)
                socket.endSending()
            }
            let ready = try await running.send(.GET, "/readyz")
            #expect(ready.status == 200)
        }
    }
}
