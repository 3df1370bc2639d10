import Core
import JSON
import TestSupport
import Testing

@testable import Models

struct VoteTests {
    private func key(_ text: String, on: String? = nil) -> [UInt8]? {
        try? Vote(text, on: on.flatMap(JSONPointer.init)).key
    }

    @Test(
        "Case, spaces and the punctuation around a text make no difference",
        arguments: [
            ("Yes.", "yes"), ("**Yes!**", " yes\n"), ("\"Yes\"", "(yes)"), ("a  b\tc", "A b C."), ("« Oui »", "oui"),
        ])
    func same(_ one: String, _ other: String) { #expect(key(one) == key(other)) }

    @Test(
        "What may change what is said does",
        arguments: [("5", "-5"), ("5", ".5"), ("+", "-"), ("a.b", "ab"), ("yes", "yes, but"), ("!", "?"), ("1", "1%")])
    func different(_ one: String, _ other: String) { #expect(key(one) != key(other)) }

    @Test("Values of JSON are compared, not how they are written")
    func values() throws {
        let one = key(#"{"verdict": {"a": 1.0, "b": ["x"]}, "why": "this"}"#, on: "/verdict")
        #expect(one == key("```json\n{\"verdict\":{\"b\":[\"x\"],\"a\":1}}\n```", on: "/verdict"))
        #expect(one != key(#"{"verdict":{"b":["y"],"a":1}}"#, on: "/verdict"))
        #expect(key(#"{"v":"Reject."}"#, on: "/v") == key(#"{"v":"reject"}"#, on: "/v"))
        #expect(key(#"{"v":"1"}"#, on: "/v") != key(#"{"v":1}"#, on: "/v"))
        #expect(key(#"{"v":null}"#, on: "/v") != nil)
        #expect(key("[1,2]", on: "/1") == key("[3,2]", on: "/1"))
        #expect(throws: GatehouseError.self) { try Vote("Yes.", on: JSONPointer("/v")) }
        #expect(throws: GatehouseError.self) { try Vote(#"{"w":1}"#, on: JSONPointer("/v")) }
    }

    private func result(_ votes: [String?], quorum: Int = 1) throws -> Council {
        let members = try votes.enumerated().map { place, text in
            var member = Council.Member(model: "m\(place)", actionID: "act_\(place)")
            member.text = text
            member.vote = try text.map { try Vote($0, on: nil) }
            if text == nil { member.error = GatehouseError("models", .exhausted, "no more") }
            return member
        }
        return Council(id: "act_x", name: nil, members, quorum: quorum)
    }

    @Test("A majority is more than half of all that were asked, so that those who fail weaken it")
    func majorities() throws {
        #expect(try result(["a", "A", "a."]).result == .unanimous)
        #expect(try result(["a", "a", "b"]).result == .majority)
        #expect(try result(["a", "a", nil]).result == .majority)
        #expect(try result(["a", nil, nil]).result == .split)
        #expect(try result(["a", "a", "b", "b"]).result == .split)
        #expect(try result(["a", "a", nil, nil]).result == .split)
        #expect(try result(["a", "b", "c"]).result == .split)
        #expect(try result([nil, nil]).result == .failed)
        #expect(try result(["a", "a", nil], quorum: 3).result == .failed)
        #expect(try result([nil, nil]).failure?.code == .exhausted)
        #expect(try result(["b", "a", "a"]).speaker?.model == "m1")
        #expect(try result(["a", "b"]).speaker == nil)
    }

    @Test("Money is written exactly")
    func dollars() {
        #expect(Council.dollars(0).text() == "0.000000")
        #expect(Council.dollars(123).text() == "0.000123")
        #expect(Council.dollars(12_345_678).text() == "12.345678")
    }

    @Test(
        "Whatever models say, it is a vote or a refusal",
        .timeLimit(.minutes(1)))
    func mutations() {
        var random = SeededRandom(seed: 7)
        let seed = Array("```json\n{\"verdict\": [\"**Yes**\", -1.5e3, {\"a\": null}]}\n```".utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? Vote(text, on: JSONPointer("/verdict/2/a"))
            _ = try? Vote(text, on: nil)
        }
    }
}
