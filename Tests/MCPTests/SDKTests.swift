import Foundation
import TestSupport
import Testing

/// The official SDK's client, as it is, against `conformance mcp-everything`.
@Suite("The official SDK's client")
struct SDKTests {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
    static let isThere = server != nil && (try? run([python, "-c", "import mcp, mcp_types"]).status) == 0

    /// It stands in the folder of the tests' own program, where it was built.
    static let server: URL? = {
        for argument in [CommandLine.arguments[0], Bundle.main.bundlePath] + CommandLine.arguments.dropFirst() {
            let folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
            for folder in [folder, folder.deletingLastPathComponent()] {
                let program = folder.appendingPathComponent("conformance")
                if FileManager.default.isExecutableFile(atPath: program.path) { return program }
            }
        }
        return nil
    }()

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("SDK/client.py").path

    @Test(
        "stateless and in a session: contents, input, state, progress, logs, changes, cancellation",
        .enabled(if: isThere, "needs conformance, and python with mcp (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)),
        arguments: ["auto", "legacy"])
    func overHTTP(mode: String) async throws {
        let process = Process()
        process.executableURL = Self.server
        process.arguments = ["mcp-everything", "--port", "0"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer { process.end() }
        var said = Data()
        while !said.contains(UInt8(ascii: "\n")) {
            let more = pipe.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the server has ended")
            said += more
        }
        let address = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let (status, output) = try await Self.runOffPool([Self.python, Self.script, mode, address])
        #expect(status == 0, "\(output)")
    }

    @Test(
        "the same over standard streams",
        .enabled(if: isThere, "needs conformance, and python with mcp (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(10)),
        arguments: ["auto", "legacy"])
    func overStandardStreams(mode: String) async throws {
        let server = try #require(Self.server?.path)
        let (status, output) = try await Self.runOffPool(
            [Self.python, Self.script, mode, server, "mcp-everything", "--stdio"])
        #expect(status == 0, "\(output)")
    }

    private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func runOffPool(_ command: [String]) async throws -> (status: Int32, output: String) {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try run(command) }) }.start()
        }
    }
}
