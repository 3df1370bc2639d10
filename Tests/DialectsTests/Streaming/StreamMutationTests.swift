import Core
import JSON
import TestSupport
import Testing

@testable import Dialects

/// Broken and made-up streams, the same each run.
struct StreamMutationTests {
    private static let spice = [UInt8]("{}[]\",:\\\n\r ux0d".utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xF0, 0xFF]

    private func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = Self.spice.randomElement(using: &random) ?? 0
            case 1: bytes.insert(Self.spice.randomElement(using: &random) ?? 0, at: place)
            case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1...40, using: &random), bytes.count))
            default: bytes.insert(contentsOf: bytes[place..<min(place + 300, bytes.count)], at: place)
            }
        }
        return bytes
    }

    /// Whatever comes: an error, or the same bytes however the stream is split, with every text inspected.
    @Test func survivesMutations() throws {
        var random = SeededRandom(seed: 21)
        let end = ContinuousClock.now + .seconds(2)
        var (rounds, passed) = (0, 0)
        while ContinuousClock.now < end, rounds < 20_000 {
            rounds += 1
            let (surface, stream) = StreamSamples.all[rounds % StreamSamples.all.count]
            let bytes = mutated(utf8(stream), &random)
            let whole = Result { try rewritten([bytes], surface) { _ in Replace() } }
            let split = Result { try rewritten(random.pieces(of: bytes), surface) { _ in Replace() } }
            switch (whole, split) {
            case (.success(let whole), .success(let split)):
                passed += 1
                #expect(whole == split)
                for document in try documents(whole) {
                    for string in document.strings { #expect(string.string?.contains("alice@example.com") == false) }
                }
            case (.failure(let whole), .failure(let split)): #expect("\(whole)" == "\(split)")
            default: Issue.record("split and whole differ")
            }
        }
        #expect(passed > 0 && passed < rounds)
    }

    @Test func argumentsKeepTheirSpellingUnlessTheyChange() throws {
        var random = SeededRandom(seed: 22)
        let samples = [
            #"{"a": "x\u00e9\ud83d\ude00\n\"", "n": [1, -2.5e3, 41111111111], "b": {"c": true, "d": null}} "#,
            #"{"cut": "alice@exa"#, #"{'python': 'alice@example.com', 3: None}"#, #""only""#,
            "plain words, alice@example.com!",
            #"{"bad": "\q \ud83d \u12 \ud83dx"}"#, #"{"a":"\u0061lice@example.com"}"#,
        ]
        for sample in samples {
            let bytes = utf8(sample)
            var whole = HeldJSONStream { _ in Replace() }
            let expected = try whole.push(bytes) + whole.finish()
            #expect(!text(expected).contains("alice@example.com"))
            for _ in 0..<300 {
                let pieces = random.pieces(of: bytes)
                var identity = HeldJSONStream { _ in Identity() }
                #expect(try text(pieces.flatMap { try identity.push($0) } + identity.finish()) == sample)
                var holding = HeldJSONStream { _ in HoldAll() }
                #expect(try text(pieces.flatMap { try holding.push($0) } + holding.finish()) == sample)
                var replacing = HeldJSONStream { _ in Replace() }
                #expect(try text(pieces.flatMap { try replacing.push($0) } + replacing.finish()) == text(expected))
            }
        }
        var disguised = HeldJSONStream { _ in Replace() }
        #expect(try text(disguised.push(utf8(samples[6]))) == #"{"a":"[EMAIL]"}"#)
    }

    /// A transform may cut its own output within a character.
    @Test func charactersStayWhole() throws {
        struct Bytewise: TextTransform {
            var held: [UInt8] = []
            mutating func push(_ text: [UInt8]) -> [UInt8] {
                held += text
                let out = [UInt8](held.prefix(held.count - 1))
                held.removeFirst(out.count)
                return out
            }
            mutating func finish() -> [UInt8] { held }
        }
        let stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"aé€😀\"}}]}\n\n"
        let out = try rewritten([utf8(stream + stream)], .openAIChat) { _ in Bytewise() }
        let texts = try documents(out).compactMap { $0["choices"]?[0]?["delta"]?["content"]?.string }
        #expect(texts.joined() == "aé€😀aé€😀")
        #expect(!texts.joined().contains("\u{FFFD}"))
    }

    @Test func boundsChannels() throws {
        var rewriter = StreamRewriter(AnswerStream(surface: .openAIChat)) { _ in HoldAll() }
        let error = #expect(throws: GatehouseError.self) {
            for index in 0..<5_000 {
                _ = try rewriter.push(
                    utf8("data: {\"choices\":[{\"index\":\(index),\"delta\":{\"content\":\"x\"}}]}\n\n"))
            }
        }
        #expect(error?.code == .tooLarge)
    }
}
