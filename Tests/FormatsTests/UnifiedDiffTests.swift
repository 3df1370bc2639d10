import TestSupport
import Testing

@testable import Formats

struct UnifiedDiffTests {
    private func diff(_ old: String, _ new: String) -> String {
        let diff = UnifiedDiff(from: Array(old.utf8), to: Array(new.utf8))
        return String(decoding: diff.text(name: "x"), as: UTF8.self)
    }

    @Test
    func equalTextsHaveNone() {
        #expect(UnifiedDiff(from: Array("a\n".utf8), to: Array("a\n".utf8)).isEmpty)
        #expect(diff("a\nb", "a\nb").isEmpty)
    }

    @Test
    func changesHaveTheirSurroundings() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let new = old.replacing("2\n3\n", with: "2\n2.5\n3\n", maxReplacements: 1).replacing("\n19\n", with: "\n")
        #expect(
            diff(old, new) == """
                --- a/x
                +++ b/x
                @@ -1,5 +1,6 @@
                 1
                 2
                +2.5
                 3
                 4
                 5
                @@ -16,5 +17,4 @@
                 16
                 17
                 18
                -19
                 20

                """)
    }

    @Test
    func missingLineEndsAreShown() {
        #expect(
            diff("a", "b\n") == "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n")
        #expect(diff("", "b\n") == "--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+b\n")
    }

    /// Applying the lines of a diff gives the new text, whatever the texts are.
    @Test
    func diffsLeadToTheNewText() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<300 {
            func text() -> [String] {
                (0..<Int.random(in: 0...30, using: &random)).map { _ in
                    "\("abcd".randomElement(using: &random) ?? "a")\n"
                }
            }
            let (old, new) = (text(), text())
            var result: [Substring] = []
            var at = 0
            for line in diff(old.joined(), new.joined()).split(separator: "\n").dropFirst(2) {
                if line.hasPrefix("@@") {
                    let fields = line.split(whereSeparator: { " ,-".contains($0) })
                    let start = (Int(fields[1]) ?? 0) - (fields[2] == "0" ? 0 : 1)
                    result += old[at..<start].map { $0.dropLast() }
                    at = start
                } else {
                    if !line.hasPrefix("+") { at += 1 }
                    if !line.hasPrefix("-") { result.append(line.dropFirst()) }
                }
            }
            result += old[at...].map { $0.dropLast() }
            #expect(result == new.map { $0.dropLast() })
        }
    }

    @Test
    func textsThatPeopleAgreeTo() {
        #expect(UnifiedDiff.between("a\nb", "a\nb\n", name: "x").isEmpty)
        #expect(UnifiedDiff.between(nil, "a\nb\n", name: "x") == "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(UnifiedDiff.between("a", nil, name: "x") == "--- a/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n")
    }
}
