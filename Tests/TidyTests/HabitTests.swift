import Foundation
import Testing

/// Habits that a compiler does not enforce.
@Suite struct HabitTests {
    let tree: SourceTree
    init() throws { tree = try SourceTree.shared.get() }

    struct Ban: Sendable, CustomTestStringConvertible {
        let word: String
        let why: String
        var except: Set<String> = []
        var testDescription: String { word }
    }

    static let bans: [Ban] = [
        Ban(word: "try!", why: "a failure must become an error"),
        Ban(word: "as!", why: "a failure must become an error"),
        Ban(word: "fatalError(", why: "a fault must become an error"),
        Ban(word: "preconditionFailure(", why: "a fault must become an error"),
        Ban(
            word: "print(", why: "stdout carries data only, and only commands write it",
            except: ["Commands", "Conformance", "Benchmarks", "CrashProbe"]),
        Ban(word: "NSRegularExpression", why: "patterns go through Matching"),
        Ban(word: "Regex(", why: "patterns go through Matching"),
        Ban(word: "Regex<", why: "patterns go through Matching"),
        Ban(word: "firstMatch(of:", why: "patterns go through Matching"),
        Ban(word: "replacingOccurrences", why: "it bridges through Foundation"),
        Ban(word: "DateFormatter", why: "it pulls in ICU; Timestamp writes RFC 3339"),
        Ban(word: "import FoundationNetworking", why: "it pulls in libcurl; AsyncHTTPClient is here"),
        Ban(word: "TODO", why: "what is unfinished is not committed"),
        Ban(word: "FIXME", why: "what is unfinished is not committed"),
    ]

    @Test(arguments: bans) func banned(_ ban: Ban) {
        for file in tree.sources where !ban.except.contains(file.room) {
            for (number, line) in file.code.enumerated() where mentions(line, ban.word) {
                Issue.record("\(file.path):\(number + 1): \(ban.word) — \(ban.why)")
            }
        }
    }

    /// Whether the word stands on its own: `debugPrint(` and `appendPrint(` are other words than `print(`.
    private func mentions(_ line: String, _ word: String) -> Bool {
        guard let range = line.range(of: word) else { return false }
        guard range.lowerBound > line.startIndex else { return true }
        let before = line[line.index(before: range.lowerBound)]
        return !(before.isLetter || before.isNumber || before == "_" || before == ".")
    }

    @Test func filesHoldOneConcept() {
        for file in tree.sources {
            #expect(file.code.count <= 600, "\(file.path) has \(file.code.count) lines; split it by concept")
        }
    }

    @Test func linesFitTheScreen() {
        for file in tree.sources {
            for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.utf8.count > 160 {
                Issue.record("\(file.path):\(number + 1) is \(line.utf8.count) bytes long")
            }
        }
    }

    /// A file whose declarations no other file mentions is dead, or misplaced.
    @Test func everyFileIsUsed() {
        let words = tree.sources.map { file in
            Set(file.code.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") } })
        }
        for (index, file) in tree.sources.enumerated() {
            if file.path.hasSuffix("/main.swift") || FloorTests.beside.contains(file.room) { continue }
            let declared = declarations(in: file)
            if declared.isEmpty || file.text.contains("@main") { continue }
            let used = words.indices.contains { other in
                other != index && declared.contains { words[other].contains(Substring($0)) }
            }
            #expect(used, "\(file.path): nothing outside it mentions \(declared.sorted().joined(separator: ", "))")
        }
    }

    /// Names declared in a file, at any depth: types, functions, properties and cases that another file could use.
    private func declarations(in file: SourceTree.File) -> Set<String> {
        let keywords: Set<Substring> = [
            "struct", "class", "enum", "protocol", "actor", "func", "typealias", "let", "var", "case",
        ]
        var names: Set<String> = []
        for line in file.code {
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            for (word, next) in zip(words, words.dropFirst()) where keywords.contains(word) && next.count > 2 {
                names.insert(String(next))
            }
        }
        return names
    }
}
