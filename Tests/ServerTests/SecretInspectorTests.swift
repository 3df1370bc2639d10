import Core
import Gate
import JSON
import Privacy
import Testing

@testable import Server

@Suite struct SecretInspectorTests {
    let inspector: SecretInspector
    /// In pieces, so that nobody who scans this file finds a token in it.
    let token = "gl" + "pat-" + "Zx8Kq2Lm7Vt4" + "Rb9Nw3Yc"

    init() throws { inspector = SecretInspector(try SecretDetector()) }

    private func inspect(_ value: JSON, _ direction: InspectionSubject.Direction = .answer, _ effect: Effect = .read)
        async throws
        -> InspectionResult
    {
        try await inspector.inspect(InspectionSubject(direction: direction, tool: "test", effect: effect, value: value))
    }

    @Test func takesSecretsOutWhereverTheyStand() async throws {
        let value: JSON = ["list": ["plain", .string("before \"\(token)\" after\n")], "n": 1]
        let result = try await inspect(value)
        #expect(result.labels == [.secret])
        let rewritten = try #require(result.rewritten)
        #expect(!rewritten.text().contains(token))
        #expect(rewritten["list"]?[0]?.string == "plain")
        #expect(rewritten["list"]?[1]?.string?.hasPrefix("before \"[") == true)
        #expect(rewritten["list"]?[1]?.string?.hasSuffix("]\" after\n") == true)
        #expect(rewritten["n"]?.int == 1)
    }

    @Test func cleanTextPassesUntouched() async throws {
        let result = try await inspect(["text": "nothing to see", "path": "/srv/shop/deploy.yaml", "count": 3])
        #expect(result.labels.isEmpty)
        #expect(result.rewritten == nil)
    }

    @Test func aTokenWithAWrongChecksumDoesNotPass() async throws {
        let mistyped = ["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkx", "kJ0mLq18"].joined()
        let result = try await inspect(["text": .string("is this right? \(mistyped)")])
        #expect(result.labels == [.secret])
        #expect(result.rewritten?.text().contains(mistyped) == false)
    }

    @Test func aRevealShowsWhatItIsFor() async throws {
        let answer = try await inspect(["key": .string(token)], .answer, .reveal)
        #expect(answer.labels == [.secret])
        #expect(answer.rewritten == nil)
        #expect(try await inspect(["key": .string(token)], .request, .reveal).rewritten != nil)
    }

    @Test func neighboursDoNotHideASecret() async throws {
        var random = SystemRandomNumberGenerator()
        let pieces = ["\"", "\\", "\n", "\u{1}", "é", "😀", " ", "=", ":", "'", "\r\n"]
        for _ in 0..<300 {
            let before = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement() ?? "" }.joined()
            let after = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement() ?? "" }.joined()
            let result = try await inspect([
                "k": .string(before + token + after), "n": 7, "deep": [["token": .string(token)]],
            ])
            let rewritten = try #require(result.rewritten, "\(before.debugDescription)")
            #expect(!rewritten.text().contains(token))
            #expect(rewritten["k"]?.string?.hasPrefix(before) == true)
            #expect(rewritten["n"]?.int == 7)
        }
    }

    @Test func keysAreLookedAtToo() async throws {
        let result = try await inspect([token: "a value"])
        #expect(result.rewritten?.text().contains(token) == false)
    }
}
