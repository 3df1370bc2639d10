import Foundation
import Testing

/// The hook in real repositories, by real commits.
struct HookTests {
    private let program: Program
    private let repository: String

    init() throws {
        program = try Program()
        repository = "\(program.data)/repo with 'quotes'"
        try FileManager.default.createDirectory(atPath: repository, withIntermediateDirectories: true)
        git("init", "-q", "-b", "main")
    }

    /// In pieces, so that nobody who scans this file finds a token in it.
    private static let token = "gl" + "pat-" + "Zx8Kq2Lm7Vt4" + "Rb9Nw3Yc"

    @discardableResult
    private func git(_ arguments: String...) -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "git", "-C", repository, "-c", "user.name=T", "-c", "user.email=t@example.com", "-c",
                "commit.gpgsign=false",
            ] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["GATEHOUSE_DATA": program.data + "/house"]) {
            $1
        }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { return (-1, "\(error)") }
        let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, errors)
    }

    private func put(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(repository)/\(name)", atomically: true, encoding: .utf8)
    }

    private var hook: String { "\(repository)/.git/hooks/pre-commit" }

    private func install(_ arguments: String...) throws -> Program.Result {
        try program.run(["hook", "install", repository] + arguments)
    }

    @Test func aCommitWithASecretIsStoppedAndOneWithoutIsNot() throws {
        defer { program.remove() }
        let installed = try install()
        #expect(installed.status == 0 && installed.errors.contains("high or above"), "\(installed.errors)")

        try put("a.py", "print('hello')\n")
        git("add", "a.py")
        let clean = git("commit", "-m", "first")
        #expect(clean.status == 0 && !clean.errors.contains("gatehouse"), "\(clean.errors)")

        try put("a.py", "token = '\(Self.token)'\n")
        let stopped = git("commit", "-a", "-m", "second")
        #expect(
            stopped.status != 0 && stopped.errors.contains("1 finding at high or above: not committed"),
            "\(stopped.errors)")
        #expect(!stopped.errors.contains(Self.token))
        #expect(git("commit", "-a", "--no-verify", "-m", "second").status == 0)
        // What is there already is not looked at again.
        try put("b.py", "print('there')\n")
        git("add", "b.py")
        #expect(git("commit", "-m", "third").status == 0)
    }

    @Test func anEarlierHookRunsFirstAndComesBack() throws {
        defer { program.remove() }
        try FileManager.default.createDirectory(atPath: "\(repository)/.git/hooks", withIntermediateDirectories: true)
        try "#!/bin/sh\necho earlier >&2\n[ ! -e stop ]\n".write(toFile: hook, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        #expect(try install("--fail-on", "low").status == 0)
        // Twice is once.
        #expect(try install("--fail-on", "critical", "--data", program.data).status == 0)
        #expect(try String(contentsOfFile: hook, encoding: .utf8).contains("'--fail-on' 'critical'"))

        try put("a.txt", "a\n")
        git("add", "a.txt")
        let first = git("commit", "-m", "first")
        #expect(first.status == 0 && first.errors.contains("earlier"), "\(first.errors)")
        try put("stop", "")
        #expect(git("commit", "--allow-empty", "-m", "second").status != 0)

        #expect(try program.run("hook", "remove", repository).status == 0)
        #expect(try String(contentsOfFile: hook, encoding: .utf8).contains("echo earlier"))
        #expect(try program.run("hook", "remove", repository).status == 2)
    }

    @Test func aProgramThatIsGoneStopsCommitsAndSaysWhatToDo() throws {
        defer { program.remove() }
        #expect(try install().status == 0)
        let text = try String(contentsOfFile: hook, encoding: .utf8)
        let name = try Program.executable.path
        #expect(text.contains("program='\(name)'"), "\(text)")
        let moved = text.replacingOccurrences(of: name, with: "/nowhere/gatehouse")
        try moved.write(toFile: hook, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        let stopped = git("commit", "--allow-empty", "-m", "first")
        #expect(stopped.status != 0 && stopped.errors.contains("/nowhere/gatehouse is gone"), "\(stopped.errors)")
    }

    @Test func sharedHooksAreLeftAlone() throws {
        defer { program.remove() }
        git("config", "core.hooksPath", ".husky")
        let inTree = try install()
        #expect(inTree.status == 2 && inTree.errors.contains("part of the repository"), "\(inTree.errors)")
        git("config", "core.hooksPath", program.data)
        let elsewhere = try install()
        #expect(elsewhere.status == 2 && elsewhere.errors.contains("gatehouse hook run"), "\(elsewhere.errors)")
        let nowhere = try program.run("hook", "install", program.data)
        #expect(nowhere.status == 2 && nowhere.errors.contains("no git work tree"), "\(nowhere.errors)")
    }
}
