import Foundation
import Testing

@testable import Scan

/// `Fixtures/infrastructure`: each check with an example on which it fires and one on which it is silent, marked as
/// ``ExampleMarks`` says.
@Suite struct ExampleTests {
    private let examples: Examples
    init() throws { examples = try Examples.shared.get() }

    @Test func everyCheckFiresAndIsSilentSomewhere() {
        let fire = Set(examples.marks.values.flatMap { $0.fires.map(\.check) })
        let silent = Set(examples.marks.values.flatMap { $0.silent.map(\.check) })
        for check in examples.checks.sorted() {
            #expect(fire.contains(check), "Fixtures/infrastructure has no example on which \(check) fires")
            #expect(silent.contains(check), "Fixtures/infrastructure has no example on which \(check) is silent")
        }
        #expect(examples.checks.count > 280)
    }

    @Test func marksSpeakOfChecks() {
        for (file, marks) in examples.marks {
            #expect(!marks.fires.isEmpty || !marks.silent.isEmpty, "\(file) has no marks")
            #expect(marks.dangling.isEmpty, "\(file): the last marks speak of nothing")
            for mark in marks.fires + marks.silent {
                #expect(examples.checks.contains(mark.check), "\(file):\(mark.lines.lowerBound): \(mark.check)")
            }
        }
    }

    @Test func checksFireWhereTheyShould() {
        for (file, marks) in examples.marks {
            for mark in marks.fires {
                let lines = examples.lines(of: mark.check, in: file)
                #expect(
                    lines.contains(mark.lines.lowerBound),
                    "\(file):\(mark.lines.lowerBound): \(mark.check) does not fire here, but on \(lines)")
            }
        }
    }

    @Test func checksAreSilentWhereTheyShould() {
        for (file, marks) in examples.marks {
            for mark in marks.silent {
                let lines = examples.lines(of: mark.check, in: file).filter(mark.lines.contains)
                #expect(lines.isEmpty, "\(file):\(mark.lines): \(mark.check) fires on \(lines)")
            }
        }
    }

    @Test func examplesAreReadWhole() { #expect(examples.unchecked == []) }

    @Test func marks() {
        let marks = ExampleMarks(
            """
            # fires: a, b
            # a remark
            one { # silent: c
              x = 1 # fires: d
            }
            two
            # fires: e
            """)
        #expect(
            marks.fires == [
                .init(check: "a", lines: 3...3), .init(check: "b", lines: 3...3), .init(check: "d", lines: 4...4),
            ])
        #expect(marks.silent == [.init(check: "c", lines: 3...5)])
        #expect(marks.dangling == ["e"])
    }
}

/// What the examples say, and what is found in them.
private struct Examples: Sendable {
    /// Read and judged once: all files as one tree.
    static let shared = Result { try Examples() }

    /// By path.
    let marks: [String: ExampleMarks]
    /// Every check that there is, by id.
    let checks: Set<String>
    let unchecked: [CouldNotCheck]
    private let found: [String: [String: [Int]]]

    private init() throws {
        let files = try Self.files()
        marks = files.mapValues(ExampleMarks.init)
        let all = try CompiledChecks([CheckLibrary.library] + CheckLibrary.entries.map(\.module))
        checks = Set(all.checks.values.flatMap { $0.values.map(\.rule.id) })
        let scanned = Scanned(files).found
        unchecked = scanned.unchecked
        found = Dictionary(grouping: scanned.findings, by: \.path).mapValues { findings in
            Dictionary(grouping: findings, by: \.rule.id).mapValues { $0.map(\.start.line).sorted() }
        }
    }

    /// Lines on which a check fires.
    func lines(of check: String, in file: String) -> [Int] { found[file]?[check] ?? [] }

    private static func files() throws -> [String: String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Fixtures/infrastructure"
        ).standardizedFileURL.path(percentEncoded: false)
        var files: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where !path.hasSuffix(".md") {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            files[path] = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
        }
        return files
    }
}
