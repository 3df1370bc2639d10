import AsyncHTTPClient
import Core
import Foundation
import JSON
import Subprocess
import Synchronization

@testable import MCP

/// Programs in Python that the client's tests talk to.
enum PythonServer {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"
    static let hasPython = runs("import json")
    static let hasSDK = runs("import mcp.server.mcpserver")

    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("SDK/\(name).py").path
    }

    static func command(_ name: String, _ arguments: String...) -> ServerCommand {
        ServerCommand(python, ["-B", script(name)] + arguments)
    }

    private static func runs(_ code: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "-c", code]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// A server over HTTP for as long as the body takes.
    static func overHTTP<Value: Sendable>(
        _ name: String, _ arguments: String..., body: (String) async throws -> Value
    ) async throws -> Value {
        let result = try await Subprocess.run(
            Configuration(
                executable: .name("env"), arguments: Arguments([python, "-B", script(name), "http"] + arguments)),
            input: .none, output: .sequence, error: .discarded
        ) { execution in
            var said: [UInt8] = []
            for try await piece in execution.standardOutput {
                said += piece.withUnsafeBytes { Array($0) }
                if said.last == UInt8(ascii: "\n") { break }
            }
            let address = String(decoding: said.prefix { $0 > 0x20 }, as: UTF8.self)
            let value: Result<Value, any Error>
            do { value = .success(try await body(address)) } catch { value = .failure(error) }
            try execution.send(signal: .kill)
            return value
        }
        return try result.closureResult.get()
    }
}

extension MCPClient {
    /// Runs the client while the body does.
    func whileRunning<Value: Sendable>(_ body: @Sendable (MCPClient) async throws -> Value) async throws -> Value {
        async let running: Void = { try? await run() }()
        do {
            let value = try await body(self)
            await close()
            await running
            return value
        } catch {
            await close()
            await running
            throw error
        }
    }

    /// The first text of a tool's answer.
    func text(_ name: String, _ arguments: JSONObject = [:], deadline: Duration = .seconds(20)) async throws -> String {
        guard case .result(let result) = try await callTool(name, arguments, deadline: deadline) else { return "asked" }
        return result["content"]?[0]?["text"]?.string ?? ""
    }
}

let testClient = Implementation(name: "test-client", version: "1")

/// A client over HTTP; its connections end with the body.
func withHTTPClient<Value>(_ body: (HTTPClient) async throws -> Value) async throws -> Value {
    let http = HTTPTransport.makeClient()
    do {
        let value = try await body(http)
        try await http.shutdown()
        return value
    } catch {
        try await http.shutdown()
        throw error
    }
}

func failure(_ body: () async throws -> some Any) async -> GatehouseError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? GatehouseError }
}
