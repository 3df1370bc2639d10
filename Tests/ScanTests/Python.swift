import Foundation
import Subprocess

/// The Python in which the tests' packages are installed.
enum Python {
    static let path = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"

    /// A file of the checkout whose environment it is.
    static func beside(_ file: String) -> String {
        URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: file).path
    }

    static func has(_ module: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [path, "-c", "import \(module)"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static func run(_ program: String, _ arguments: String...) async throws -> (
        terminationStatus: TerminationStatus, standardOutput: String, standardError: String
    ) {
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments([path, "-c", program] + arguments),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return (result.terminationStatus, result.standardOutput, result.standardError)
    }
}
