import Foundation
import Testing

/// The built program as a user runs it, with a data folder of its own.
struct Program {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    let data: String

    init() throws {
        // Short: the path of the socket in it has 107 bytes at most.
        data = "/tmp/gh-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(
            atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Writes a file below the data folder and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let path = "\(data)/\(name)"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func remove() { try? FileManager.default.removeItem(atPath: data) }

    /// The executable stands in the same folder as the tests' own.
    static var executable: URL {
        get throws {
            for argument in [CommandLine.arguments[0], Bundle.main.bundlePath] + CommandLine.arguments.dropFirst() {
                var folder = URL(fileURLWithPath: argument).resolvingSymlinksInPath()
                while folder.path != "/" {
                    folder.deleteLastPathComponent()
                    let program = folder.appendingPathComponent("gatehouse")
                    var isFolder: ObjCBool = false
                    if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder), !isFolder.boolValue
                    {
                        return program
                    }
                }
            }
            throw MissingProgram()
        }
    }

    struct MissingProgram: Error, CustomStringConvertible {
        let description = "the gatehouse program is not beside the tests: swift build"
    }

    func process(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = try Self.executable
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["GATEHOUSE_DATA"] = data
        process.environment = environment
        return process
    }

    @discardableResult
    func run(_ arguments: String..., input: String? = nil) throws -> Result { try run(arguments, input: input) }

    @discardableResult
    func run(_ arguments: [String], input: String? = nil) throws -> Result {
        let process = try process(arguments)
        let folder = "\(data)/run-\(UInt32.random(in: 0...UInt32.max))"
        _ = FileManager.default.createFile(atPath: folder + ".out", contents: nil)
        _ = FileManager.default.createFile(atPath: folder + ".err", contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + ".out"))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + ".err"))
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: folder + ".in")) }
        process.standardInput =
            try input.map { _ in try FileHandle(forReadingFrom: URL(fileURLWithPath: folder + ".in")) }
            ?? FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try String(contentsOfFile: folder + ".out", encoding: .utf8),
            errors: try String(contentsOfFile: folder + ".err", encoding: .utf8))
    }
}

/// A git repository with a planted token, made anew for each test.
struct PlantedRepository {
    let path: String

    init(beside data: String) throws {
        path = data + "-repository"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try git("init", "-q")
        // In pieces, so that nobody who scans this file finds a token in it.
        let token = "gl" + "pat-" + "Zx8Kq2Lm7Vt4" + "Rb9Nw3Yc"
        try "deploy:\n  token: \(token)\n".write(toFile: path + "/deploy.yaml", atomically: true, encoding: .utf8)
        try git("add", ".")
        try git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "first")
    }

    var token: String { "gl" + "pat-" + "Zx8Kq2Lm7Vt4" + "Rb9Nw3Yc" }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func git(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", path] + arguments
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
