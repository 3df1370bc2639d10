import Core
import JSON
import Synchronization
import Testing
import Web

@testable import Commands

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = Table(columns: ["ID", "NAME"], rows: [["1", "long name"], ["22", "x"]])
        #expect(table.text == "ID  NAME\n1   long name\n22  x\n")
    }

    @Test func controlCharactersDoNotReachTheTerminal() {
        let hostile = "a\u{1b}[2Jb\u{7}c\u{202E}d\re"
        #expect(Plain.text(hostile) == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}e")
        #expect(!Table(columns: ["X"], rows: [[hostile]]).text.contains("\u{1b}"))
    }
}

@Suite struct CouncilTextTests {
    private func council(_ result: String, agreeing: Int) -> JSON {
        [
            "id": "act_1", "result": .string(result), "value": "yes\u{1b}[2J", "cost_usd": 0.5,
            "agreement": [["models": .array((0..<agreeing).map { .string("m\($0)") })]],
            "answers": [
                ["model": "a/m", "value": "yes", "usage": ["total_tokens": 50], "cost_usd": 0.00007, "ms": 12],
                ["model": "b/m", "value": ["x": 1], "cost_usd": .null],
                ["model": "c/m", "error": ["code": "exhausted", "message": "no money\nleft"]],
            ],
        ]
    }

    @Test func saysWhoAgreesAndWhatItCost() {
        let text = CouncilText(council: council("majority", agreeing: 2)).text
        #expect(text.contains("a/m    yes"))
        #expect(text.contains(#"{"x":1}"#) && text.contains("unknown"))
        #expect(text.contains("failed: no money left"))
        #expect(text.contains("2 of 3 agree: yes") && text.contains("act_1"))
        #expect(!text.contains("\u{1b}"))
        #expect(CouncilText(council: council("unanimous", agreeing: 3)).text.contains("All 3 agree"))
        #expect(CouncilText(council: council("split", agreeing: 1)).text.contains("1 of 3"))
        #expect(CouncilText(council: council("failed", agreeing: 0)).text.contains("has failed"))
    }
}

@Suite struct ProgressLineTests {
    final class Screen: Sendable {
        let text = Mutex("")
        func write(_ piece: String) { text.withLock { $0 += piece } }
    }

    @Test func plainLinesWhereThereIsNoTerminal() {
        let screen = Screen()
        var line = ProgressLine(interactive: false, write: screen.write)
        for done in 0...100 { line.show(stage: "files", done: done, total: 100) }
        line.finish()
        let lines = screen.text.withLock { $0 }.split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines.first == "files: 0 of 100")
        #expect(lines.last == "files: 100 of 100")
        #expect(!screen.text.withLock { $0 }.contains("\u{1b}"))
    }

    @Test func aBarThatIsClearedInTheEnd() {
        let screen = Screen()
        var line = ProgressLine(interactive: true, write: screen.write)
        line.show(stage: "files", done: 7, total: 14)
        line.show(stage: "files", done: 99, total: 14)
        line.finish()
        let text = screen.text.withLock { $0 }
        #expect(text.contains("50%"))
        #expect(text.contains("100%"))
        #expect(text.hasSuffix("\r\u{1b}[K"))
    }

    @Test func anUnknownTotalIsCounted() {
        let screen = Screen()
        var line = ProgressLine(interactive: false, write: screen.write)
        line.show(stage: "walking", done: 3, total: nil)
        line.show(stage: "walking", done: 9, total: 0)
        #expect(screen.text.withLock { $0 } == "walking\n")
    }
}

@Suite struct RepositoryAddressTests {
    @Test(arguments: [
        ("https://example.org/a.git", true), ("git@example.org:a/b.git", true), ("ssh://git@example.org/a", true),
        ("file:///srv/a.git", true), (".", false), ("/srv/a@b:c", false), ("a/b", false), ("C:x", false),
    ])
    func tellsURLsFromFolders(text: String, isURL: Bool) {
        #expect(RepositoryAddress.isURL(text) == isURL)
    }

    @Test func credentialsAreLeftOut() {
        #expect(RepositoryAddress.withoutCredentials("https://me:pw@example.org/a@b") == "https://example.org/a@b")
        #expect(RepositoryAddress.withoutCredentials("https://example.org/a@b") == "https://example.org/a@b")
    }

    @Test func aMissingFolderSaysSo() {
        #expect(throws: (any Error).self) { try RepositoryAddress.absolute("/nonexistent/folder") }
    }
}

@Suite struct ExitStatusTests {
    @Test func namesSurviveTheURL() {
        #expect(Percent.encode("/tmp/a b/ü.sock") == "%2Ftmp%2Fa%20b%2F%C3%BC.sock")
    }

    @Test func errorsMapToTheirCodes() {
        #expect(ExitStatus(for: .invalid) == .usage)
        #expect(ExitStatus(for: .denied) == .denied)
        #expect(ExitStatus(for: .exhausted) == .unavailable)
        #expect(ExitStatus(for: .corrupt) == .corrupt)
        #expect(ExitStatus(for: .internal) == .fault)
    }
}
