import Core
import Foundation
import TestSupport
import Testing

@testable import Scan

@Suite struct AdvisoryMirrorTests {
    @Test(arguments: ["http://osv.example", "ftp://x", "", "http://127.0.0.1.evil.example", "http://localhostile"])
    func addressesThatOthersCouldChangeAreRefused(_ address: String) {
        #expect { try AdvisoryMirror(address) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    @Test func ecosystemsHaveTheirAddress() throws {
        let mirror = try AdvisoryMirror("https://osv.example/")
        #expect(mirror.address(of: "PyPI") == "https://osv.example/PyPI/all.zip")
        #expect(mirror.address(of: "GitHub Actions") == "https://osv.example/GitHub%20Actions/all.zip")
    }

    @Test func datesOfHTTP() {
        #expect(HTTPDate.read("Sun, 06 Nov 1994 08:49:37 GMT") == Timestamp("1994-11-06T08:49:37Z"))
        #expect(HTTPDate.read("yesterday") == nil)
    }

    /// Python's own file server, on a port that it chose.
    private static func serve(_ folder: String) throws -> (Process, port: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-u", "-c",
            """
            import functools, http.server, sys
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
            server = http.server.HTTPServer(("127.0.0.1", 0), handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, folder,
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        return (process, line.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test func filesAreFetchedWithTheirDate() async throws {
        let folder = ScratchFolder()
        try FileManager.default.createDirectory(atPath: folder.file("PyPI"), withIntermediateDirectories: true)
        try Data("zip".utf8).write(to: URL(filePath: folder.file("PyPI/all.zip")))
        let (process, port) = try Self.serve(folder.path)
        defer { process.end() }
        let mirror = try AdvisoryMirror("http://127.0.0.1:\(port)")
        let date = try await mirror.fetch(mirror.address(of: "PyPI"), to: folder.file("out"), report: { _ in })
        #expect(date != nil)
        #expect(try String(contentsOfFile: folder.file("out"), encoding: .utf8) == "zip")
        await #expect {
            try await mirror.fetch(mirror.address(of: "npm"), to: folder.file("no"), report: { _ in })
        } throws: {
            ($0 as? GatehouseError)?.code == .unavailable
        }
    }
}
