import Foundation

/// A folder of files that a test makes, and git in it: as nobody in particular, whatever is configured here.
public struct WorkTree: Sendable {
    public let root: String

    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    public init(_ root: String, _ files: [String: String] = [:]) throws {
        self.root = root
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
    }

    public func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    public func write(_ path: String, _ bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: root + "/" + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    public func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: root + "/" + path)))
    }

    public func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    public func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: root + "/" + path) }

    /// - Returns: what it prints.
    @discardableResult
    public func git(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "git", "-C", root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c",
                "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null",
            ] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let printed = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "git \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return printed
    }

    /// All that lies in it, in a repository that is made where there is none.
    public func commit(_ message: String) throws {
        try git("init", "-q", "-b", "main")
        try git("add", "-A")
        try git("commit", "-qm", message)
    }
}
