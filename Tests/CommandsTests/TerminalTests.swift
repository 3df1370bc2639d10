import Core
import Synchronization
import Testing

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
        #expect(HouseClient.percentEncoded("/tmp/a b/ü.sock") == "%2Ftmp%2Fa%20b%2F%C3%BC.sock")
    }

    @Test func errorsMapToTheirCodes() {
        #expect(ExitStatus(for: .invalid) == .usage)
        #expect(ExitStatus(for: .denied) == .denied)
        #expect(ExitStatus(for: .exhausted) == .unavailable)
        #expect(ExitStatus(for: .corrupt) == .corrupt)
        #expect(ExitStatus(for: .internal) == .fault)
    }
}
