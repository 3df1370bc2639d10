import Core
import Foundation
import JSON
import Testing

@testable import Privacy

/// The disguises of `Fixtures/evasion.jsonl`, one at a time and within each other: whole, and in streams cut anywhere.
@Suite struct EvasionCasesTests {
    struct Case: Sendable {
        var name: String
        var kind: String
        var pieces: [String]
    }

    static let cases: [Case] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/evasion.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard let json = try? JSON.parse(Array(line.utf8)), let name = json["name"]?.string,
                let kind = json["kind"]?.string, let pieces = json["text"]?.array
            else { return nil }
            return Case(name: name, kind: kind, pieces: pieces.compactMap(\.string))
        }
    }()

    @Test func thereAreManyOfEachKind() {
        #expect(Self.cases.count >= 90)
        #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
        #expect(Set(Self.cases.map(\.kind)).count >= 8)
        #expect(Self.cases.allSatisfy { $0.pieces.count >= 3 })
    }

    @Test func allAreFoundWhereTheyStand() throws {
        for example in Self.cases {
            let bytes = Array(example.pieces.joined().utf8)
            let found = try scanner.get().findings(in: bytes).filter { $0.kind.rawValue == example.kind }
            let (first, last) = (example.pieces[0].utf8.count, example.pieces[example.pieces.count - 1].utf8.count)
            let isWithin = found.contains { first <= $0.range.lowerBound && $0.range.upperBound <= bytes.count - last }
            #expect(isWithin, "\(example.name)")
        }
    }

    @Test func streamsGiveWhatTheWholeGives() throws {
        let filter = try StreamConcealerTests.filter(PrivacyRules(otherwise: .redact))
        var generator = SplitMix(state: 23)
        for example in Self.cases {
            let bytes = Array(("Some words before it. " + example.pieces.joined() + " And after it, too.").utf8)
            let whole = try #require(try filter.conceal(bytes, vault: TokenVault()).text, "\(example.name)")
            for longest in [1, 9, 60] {
                let result = try StreamConcealerTests.stream(
                    cuts(bytes, &generator, longest: longest), filter, .init(window: 2048))
                #expect(result.out == String(decoding: whole, as: UTF8.self), "\(example.name) by \(longest)")
            }
        }
    }

    /// Marks that do not stand within a word are nobody's disguise.
    @Test(arguments: [
        "**Bold** and *thin*, `code`, ~~gone~~, 3 * 4 * 5", "<p>one</p><p>two</p>", "<td>4111</td><td>1111</td>",
        "if a <b then c", "a <!-- note --> b", "f(x)<br>", "* item\n* other",
    ])
    func plainMarksStay(_ text: String) {
        let views = Array(text.utf8).withUnsafeBytes { Normaliser.views(of: $0) }
        #expect(views?.isEmpty == true, "\(text)")
    }
}
