import Core
import Foundation

/// A folder that is there for the length of some work. In the build folder, not /tmp: /tmp may be memory, where fsync costs nothing.
func withFolder<T>(_ work: (String) async throws -> T) async throws -> T {
    let base = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let path = "\(base)/bench-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await work(path)
}
