import Foundation
import JSON
import TestSupport
import Testing

/// A server of bundles and a collector of decisions, as a real process: it takes what Gatehouse sends, fails and hangs
/// when it is told to.
final class PolicyPeer: Sendable {
    private let scratch = ScratchFolder()
    let folder: String
    let address: String
    private let process: Process

    static let isThere = (try? BrowserSetup.run(["python3", "-c", "import http.server"], [:]).status) == 0

    /// - Parameter failing: how many uploads are answered with 503 first.
    convenience init(failing: Int = 0, hanging: Int = 0) async throws {
        try await self.init(Self.script, [String(failing), String(hanging)])
    }

    /// - Parameter text: Python that is given a folder, and writes the port into the file `port` there.
    init(_ text: String, _ arguments: [String] = []) async throws {
        folder = scratch.path
        let script = "\(folder)/peer.py"
        try text.write(toFile: script, atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, folder] + arguments
        try process.run()
        let portFile = "\(folder)/port"
        var port: String?
        for _ in 0..<1000 where port == nil {
            port = try? String(contentsOfFile: portFile, encoding: .utf8)
            if port?.hasSuffix("\n") != true {
                port = nil
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        address = "http://127.0.0.1:\(try #require(port).dropLast())"
    }

    func stop() {
        // It may have inherited a mask that blocks gentler signals.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        scratch.remove()
    }

    func serve(_ archive: [UInt8]) throws {
        try Data(archive).write(to: URL(fileURLWithPath: "\(folder)/bundle.tar.gz"), options: .atomic)
    }

    /// What was posted, batch by batch: path, authorization and events.
    var batches: [JSON] {
        let text = (try? String(contentsOfFile: "\(folder)/batches", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSON.parse(Array($0.utf8)) }
    }

    var events: [JSON] { batches.flatMap { $0["events"]?.array ?? [] } }

    private static let script = """
        import gzip, hashlib, http.server, json, os, sys, threading, time
        folder, failing, hanging = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body=b"", headers={}):
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                if self.headers.get("Authorization") != "Bearer bundle-token": return self.answer(401)
                try:
                    with open(folder + "/bundle.tar.gz", "rb") as file: body = file.read()
                except FileNotFoundError: return self.answer(404)
                tag = '"' + hashlib.sha256(body).hexdigest() + '"'
                if self.headers.get("If-None-Match") == tag: return self.answer(304, headers={"ETag": tag})
                self.answer(200, body, {"ETag": tag})
            def do_POST(self):
                global failing, hanging
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    failing -= 1
                    if failing >= 0: return self.answer(503)
                    hanging -= 1
                    hangs = hanging >= 0
                if hangs: time.sleep(30)
                assert self.headers["Content-Encoding"] == "gzip"
                events = json.loads(gzip.decompress(body))
                line = {"path": self.path, "token": self.headers.get("Authorization"), "size": len(body), "events": events}
                with lock, open(folder + "/batches", "a") as file: file.write(json.dumps(line) + "\\n")
                self.answer(204)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        with open(folder + "/port.new", "w") as file: file.write(str(server.server_address[1]) + "\\n")
        os.rename(folder + "/port.new", folder + "/port")
        server.serve_forever()
        """
}
