import JSON
import TestSupport
import Testing

@testable import Agents

@Suite("The designer") struct DesignerTests {
    private static let hostile =
        "<img src=x onerror=alert(1)> [click](javascript:alert(1)) ![i](http://e.example/p) | `x` \n# Owned\u{202E}"

    private static let incident: JSON = [
        "kind": "incident", "title": "Key in <b>the</b> repository", "subject": "/srv/shop`|`",
        "summary": .string(hostile),
        "events": [
            ["time": "2026-06-10T10:00:00+02:00", "what": .string(hostile), "who": "@olga"],
            ["time": "2026-06-09", "what": "pushed", "source": "git"], ["time": "yesterday", "what": "guessed"],
        ],
        "log": [["time": "2026-06-10T07:59:59Z", "what": "the response began"]],
        "findings": [
            [
                "id": "fnd_1", "rule": "aws-access-key", "title": .string(hostile), "severity": "critical",
                "priority": "now", "path": .string("a|b`.py\n"), "line": 3, "source": "scan.secrets", "state": "open",
                "remedy": "revoke it", "first_seen": "2026-06-10T08:30:00Z",
            ]
        ],
        "risk": ["level": "critical", "score": 9, "because": ["critical, and to be done now"]],
        "plan": [["do": .string(hostile), "level": "critical", "findings": ["fnd_1"]]],
        "council": [
            "result": "split", "value": .null, "votes": [["by": "size", "value": .null, "reason": .string(hostile)]],
        ],
        "decisions": [["what": "Declaring the incident", "state": "succeeded"]],
        "gaps": [["about": "exposure", "reason": .string(hostile)]],
    ]

    @Test func theAccountOfAnIncidentHasItsTimelineAndNothingOfItIsMarkup() async throws {
        try await PatternHouse.with(try PlantedRepository([:])) { house in
            let output = try await house.output("designer", Self.incident)
            let events = output["timeline"]?.array ?? []
            #expect(
                events.compactMap { $0["time"]?.string?.prefix(19) } == [
                    "2026-06-09T00:00:00", "2026-06-10T07:59:59", "2026-06-10T08:00:00", "2026-06-10T08:30:00",
                ])
            #expect(output["gaps"]?.array?.contains { $0["about"] == "timeline" } == true)
            let markdown = try #require(output["markdown"]?.string)
            let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(
                lines.filter { $0.hasPrefix("#") } == [
                    "# Key in &lt;b&gt;the&lt;/b&gt; repository", "## Summary", "## Risk", "## Timeline",
                    "## Open findings", "## What the council says", "## Decisions", "## What is to be done",
                    "## What is not known",
                ])
            for line in lines.map({ $0.replacing("\\]", with: "") }) {
                #expect(!line.contains("<") && !line.contains("](") && !line.contains("://"), "\(line)")
                #expect(!line.unicodeScalars.contains("\u{202E}"))
            }
            for row in lines where row.hasPrefix("| ") {
                let cells = Self.cells(String(row))
                #expect([3, 4, 6].contains(cells), "\(cells) cells: \(row)")
            }
        }
    }

    /// The bars that part cells: those that nothing escapes.
    private static func cells(_ row: String) -> Int {
        var (count, previous) = (0, Character(" "))
        for character in row {
            if character == "|", previous != "\\" { count += 1 }
            previous = character
        }
        return count - 1
    }

    @Test(arguments: [
        ("- x", "\\- x"), ("1. x", "1\\. x"), ("2.1.4 (a-b)", "2.1.4 (a-b)"), ("===", "\\==="), ("a_b*c", "a\\_b\\*c"),
        ("https://x.example", "https&#58;//x.example"),
        ("at www.x.example:80", "at www&#46;x.example:80"), ("MailTo:a", "MailTo&#58;a"), ("a: b", "a: b"),
        ("http:\u{200B}//x", "http&#58;//x"), ("a\tb\u{0}c", "a bc"), ("&lt;", "&amp;lt;"), ("é – 日本", "é – 日本"),
    ]) func textIsNeverMarkup(_ text: String, _ escaped: String) { #expect(Markdown.escaped(text) == escaped) }

    @Test(arguments: [("a", "`a`"), ("a`b", "`` a`b ``"), ("a|b", "`a\\|b`"), ("", "")])
    func codeHoldsAnyText(_ text: String, _ code: String) { #expect(Markdown.code(text) == code) }

    @Test func noTextBreaksOut() {
        var random = SeededRandom(seed: 7)
        let parts = [
            "<", "`", "|", "\\", "]", "(", "//", ":", "www.", "\n", "- ", "1. ", "#", "a", "http", "é", "\u{202E}",
            "\0", "-->",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                parts.randomElement(using: &random) ?? ""
            }.joined()
            let escaped = Markdown.escaped(text)
            for part in ["<", ">", "://", "www.", "\n", "\u{202E}", "\0"] {
                #expect(!escaped.contains(part), "\(text)")
            }
            #expect(!escaped.hasPrefix("-") && !escaped.hasPrefix("1.") && !escaped.hasPrefix("#"))
            let bare = ["\\\\", "&#46;", "&#58;"].reduce(escaped) { $0.replacing($1, with: "") }
            for mark in ["`", "|", "]", "#"] {
                #expect(!bare.replacing("\\" + mark, with: "").contains(mark), "\(text): \(escaped)")
            }
            let code = Markdown.code(text)
            let fence = code.prefix { $0 == "`" }
            let inner = code.dropFirst(fence.count).dropLast(fence.count)
            #expect(!inner.contains(fence) || fence.isEmpty, "\(text): \(code)")
            #expect(!inner.replacing("\\|", with: "").contains("|"))
            _ = (DiffCount(text), PhraseMatch.values(of: text, in: text), RequestWords(text))
        }
    }

    @Test func withNothingGivenItTellsWhatIsOnRecord() async throws {
        let repository = try PlantedRepository(["Dockerfile": Planted.dockerfile])
        try await PatternHouse.with(repository) { house in
            _ = try await house.output("explorer", ["path": .string(repository.root)])
            let result = try await house.run("designer", ["kind": "report"])
            #expect(result["output"]?["markdown"]?.string?.contains("### New (") == true)
            #expect((result["evidence"]?.array ?? []).compactMap { $0["tool"]?.string } == ["findings.digest"])
        }
    }
}
