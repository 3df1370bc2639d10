import Foundation
import JSON
import Testing

@testable import Rego

/// What policies made by chance give, against another engine: regopy (rego-cpp) from PyPI.
@Suite struct DifferentialTests {
    static let policies = 400
    /// Policies, by their number, for which the other engine is wrong.
    static let exceptions: [Int: String] = [
        7: "a comprehension whose head is a variable from outside is empty: [v | some w in [5, 1, 4]]",
        348: "max(array.concat([5, 1, 4, 1], [25, 1])) is 5",
    ]

    @Test(.enabled(if: Peer.isThere, "needs python with regopy (GATEHOUSE_PYTHON)"), .timeLimit(.minutes(2)))
    func theOtherEngineGivesTheSame() throws {
        let modules = (0..<Self.policies).map { seed in
            var maker = RandomPolicy(seed: UInt64(seed) &* 0x9E37_79B9 &+ 7)
            return maker.policy()
        }
        let theirs = try Peer.answers(to: modules.map(Engine.module), input: RandomPolicy.input)
        var values = 0
        var disagreements: [String] = []
        for (number, (rules, theirs)) in zip(modules, theirs).enumerated() {
            let ours = Engine.answer(rules)
            if case .value = ours { values += 1 }
            guard !Self.agree(ours, theirs), Self.exceptions[number] == nil else { continue }
            disagreements.append("policy \(number)\n\(Engine.module(rules))\nours   \(ours)\ntheirs \(theirs)")
        }
        // Most policies have a value; errors alone would prove nothing.
        #expect(values > Self.policies / 2)
        #expect(
            disagreements.isEmpty,
            "\(disagreements.count) disagree:\n\(disagreements.prefix(3).joined(separator: "\n\n"))")
    }

    private static func agree(_ ours: Engine.Answer, _ theirs: Engine.Answer) -> Bool {
        switch (ours, theirs) {
        case (.value(let ours), .value(let theirs)): ours == theirs
        case (.error, .error): true
        default: false
        }
    }
}

/// Our engine, asked for all of package `t`.
enum Engine {
    enum Answer: Equatable {
        /// As JSON has it, sets being arrays.
        case value(RegoValue)
        case error(String)
    }

    static func module(_ rules: [String]) -> String {
        "package t\n\nimport rego.v1\n\n" + rules.joined(separator: "\n\n")
    }

    /// - Parameter files: each with some rules.
    static func answer(files: [[String]], options: EvaluationOptions = .default) -> Answer {
        var compiler = Compiler()
        do {
            for (number, rules) in files.enumerated() {
                try compiler.add(module: module(rules), name: "policy\(number).rego")
            }
            let program = try Program(compiler.compile([Compiler.Query(name: "q", text: "x = data.t")]))
            let results = try PreparedQuery(program, entryPoint: "q").evaluate(
                input: RegoValue(parsing: Array(RandomPolicy.input.utf8)), data: [:], options: options)
            return .value(RegoValue((results.value ?? .null).json))
        } catch { return .error("\(error)") }
    }

    static func answer(_ rules: [String], options: EvaluationOptions = .default) -> Answer {
        answer(files: [rules], options: options)
    }
}

/// regopy, in a process of its own.
private enum Peer {
    static let python = ProcessInfo.processInfo.environment["GATEHOUSE_PYTHON"] ?? "python3"

    static let isThere: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import regopy"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    static func answers(to modules: [String], input: String) throws -> [Engine.Answer] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let questions = FileManager.default.temporaryDirectory.appending(path: "rego-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: questions) }
        let input = try JSON.parse(Array(input.utf8))
        let lines = modules.map { (["module": .string($0), "input": input] as JSON).text() }
        try Data(lines.joined(separator: "\n").utf8).write(to: questions)
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, root.appending(path: "scripts/bench/rego_peer.py").path(), "answers"]
        process.standardInput = try FileHandle(forReadingFrom: questions)
        process.standardOutput = output
        try process.run()
        let answers = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try answers.split(separator: UInt8(ascii: "\n")).map { line in
            let answer = try JSON.parse([UInt8](line))
            if let value = answer["value"] { return .value(RegoValue(value)) }
            return .error(answer["error"]?.string ?? "no answer")
        }
    }
}
