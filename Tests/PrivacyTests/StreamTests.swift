import Core
import Testing

@testable import Privacy

/// Ways to cut a text.
func cuts(_ bytes: [UInt8], _ generator: inout SplitMix, longest: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var index = 0
    while index < bytes.count {
        let end = min(bytes.count, index + 1 + Int(generator.next() % UInt64(longest)))
        pieces.append(Array(bytes[index..<end]))
        index = end
    }
    return pieces
}

@Suite struct StreamRestorerTests {
    @Test func anyCutGivesTheSame() throws {
        let vault = TokenVault()
        for value in ["jane@example.org", "a \"b\" c", "<EMAIL_1>"] {
            _ = try vault.token(for: Array(value.utf8), kind: .email)
        }
        let text = Array(
            "Dear <EMAIL_1>, <<EMAIL_2>> or <EMAIL_9>, <b>x</b> <EMAIL_3> https://x.example/<EMAIL_1> <EMAIL_".utf8)
        let whole = try #require(TokenRestorer.restore(text, from: vault))
        var generator = SplitMix(state: 11)
        for longest in [1, 2, 3, 7, 30, 200] {
            for _ in 0..<20 {
                var restorer = StreamRestorer(vault: vault)
                var out: [UInt8] = []
                for piece in cuts(text, &generator, longest: longest) {
                    out += restorer.push(piece)
                    #expect(restorer.held < TokenName.longest)
                }
                out += restorer.finish()
                #expect(out == whole)
            }
        }
    }
}
