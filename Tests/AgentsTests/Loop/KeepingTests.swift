import Core
import JSON
import TestSupport
import Testing

@testable import Agents

/// What a model's answer has to keep of what the procedure found.
@Suite struct KeepingTests {
    private func complaints(_ found: String, _ said: String, asked: [String] = []) throws -> [String] {
        var keeping = Keeping(asked: asked)
        keeping.compare(
            try #require(try JSON.parse(found).object), with: try #require(try JSON.parse(said).object))
        return keeping.complaints
    }

    @Test(arguments: [
        (#"{"a": [{"id": 1}, {"id": 2}]}"#, #"{"a": [{"id": 2, "note": "first"}, {"id": 1}]}"#),
        (#"{"summary": "one"}"#, #"{"summary": "two, and why"}"#), (#"{"a": 1}"#, #"{"a": 1, "reason": "so"}"#),
        (#"{"risk": {"level": "none", "score": 3}}"#, #"{"risk": {"level": "low", "score": 3.5, "note": "x"}}"#),
        (#"{"severity": "low"}"#, #"{"severity": "critical"}"#), (#"{"safe": true}"#, #"{"safe": false}"#),
        (#"{"gaps": []}"#, #"{"gaps": ["what runs there", {"about": "hosts", "since": 3}]}"#),
        (#"{"a": [{"id": 1, "because": ["x"]}]}"#, #"{"a": [{"id": 1, "because": ["y", "x"]}]}"#),
        (#"{"markdown": "= A\n\n- one\n- two"}"#, #"{"markdown": "= A\nIn short:\n- one\n- two\n\nThat is all."}"#),
        (
            #"{"route": "explorer", "kind": "agent", "input": {}}"#,
            #"{"route": "mend", "kind": "workflow", "input": {"path": "/srv"}}"#
        ),
        (#"{"summary": "see https://a.example/x."}"#, #"{"summary": "First see https://a.example/x!"}"#),
        (#"{"safe": null}"#, #"{"safe": null}"#), (#"{"a": []}"#, #"{"a": []}"#),
    ])
    func whatOnlyAddsIsTaken(_ found: String, _ said: String) throws {
        #expect(try complaints(found, said, asked: ["look at /srv please"]) == [])
    }

    @Test(arguments: [
        (#"{"a": [{"id": 1}, {"id": 2}]}"#, #"{"a": [{"id": 1}]}"#, "/a/1 is missing"),
        (#"{"a": [{"id": 1}, {"id": 1}]}"#, #"{"a": [{"id": 1}]}"#, "/a/1 is missing"),
        (#"{"a": [{"id": 1, "n": "x"}]}"#, #"{"a": [{"id": 1, "n": "y"}]}"#, "/a/0 is missing, or changed"),
        (#"{"a": [{"id": 1}]}"#, #"{"a": [{"id": 1, "n": 2}]}"#, "/a/0 is missing, or changed"),
        (#"{"a": ["x"]}"#, #"{"a": ["x", "y"]}"#, "did not find"), (#"{"a": [1]}"#, #"{"a": {}}"#, "/a has to stay"),
        (#"{"a": 1}"#, #"{"a": 2}"#, "/a has to stay"), (#"{"a": true}"#, #"{"a": false}"#, "/a has to stay"),
        (#"{"a": 1}"#, "{}", "/a is missing"), (#"{"a": {"b": "x"}}"#, #"{"a": {}}"#, "/a/b is missing"),
        (#"{"a": {"summary": "x"}}"#, #"{"a": {"summary": "y"}}"#, "/a/summary has to stay"),
        (#"{"severity": "high"}"#, #"{"severity": "medium"}"#, "lowered"),
        (#"{"severity": "high"}"#, #"{"severity": "HIGH"}"#, "lowered"),
        (#"{"risk": {"score": 3}}"#, #"{"risk": {"score": 2}}"#, "/risk/score may not be lowered"),
        (#"{"safe": false}"#, #"{"safe": true}"#, "/safe"), (#"{"safe": null}"#, #"{"safe": true}"#, "/safe"),
        (#"{"diff": "a"}"#, #"{"diff": "b"}"#, "/diff has to stay"),
        (#"{"apply": {"a": 1}}"#, #"{"apply": {"a": 1, "note": "x"}}"#, "/apply has to stay"),
        (#"{"a": 1}"#, #"{"a": 1, "apply": "x"}"#, "/apply may not be added"),
        (#"{"a": 1}"#, #"{"a": 1, "reason": {"b": 1}}"#, "/reason may not be added"),
        (#"{"summary": "x"}"#, #"{"summary": "<b>x</b>"}"#, "HTML"),
        (#"{"summary": "x"}"#, #"{"summary": "</x"}"#, "HTML"),
        (#"{"summary": "x"}"#, #"{"summary": "a http://b.example c"}"#, "address"),
        (#"{"summary": "x"}"#, #"{"summary": "//b.example/x"}"#, "address"),
        (#"{"summary": "x"}"#, #"{"summary": "[a](javascript:alert(1))"}"#, "address"),
        (#"{"summary": "x"}"#, #"{"summary": "[a]: data:text/html,x"}"#, "address"),
        (#"{"summary": "https://a.example"}"#, #"{"summary": "https://a.example.evil.example"}"#, "address"),
        (#"{"gaps": []}"#, #"{"gaps": [{"about": "<i>"}]}"#, "HTML"),
        (#"{"markdown": "= A\n- one"}"#, #"{"markdown": "= A\n"}"#, "leaves out lines"),
        (#"{"markdown": "= A\n- one"}"#, #"{"markdown": "- one\n= A"}"#, "leaves out lines"),
        (#"{"markdown": "= A"}"#, #"{"markdown": "= A\n[x](ftp:y)"}"#, "address"),
        (#"{"route": "a"}"#, #"{"route": "a b"}"#, "no name"), (#"{"route": "a"}"#, #"{"route": 1}"#, "has to stay"),
        (#"{"route": "a", "input": {"p": "/srv"}}"#, #"{"route": "a", "input": {"p": "/etc"}}"#, "was not asked for"),
        (#"{"input": {}}"#, #"{"input": {"p": [{"q": "/etc"}]}}"#, "was not asked for"),
    ])
    func whatTakesAwayOrMakesUpIsNot(_ found: String, _ said: String, _ complaint: String) throws {
        let told = try complaints(found, said, asked: ["look at /srv please"])
        #expect(told.contains { $0.contains(complaint) }, "\(told)")
    }

    @Test func whatIsLongIsComparedUpToABound() throws {
        let many: JSON = .array((0..<2000).map { ["id": JSON($0)] })
        var keeping = Keeping(asked: [])
        keeping.compare(["a": many], with: ["a": many])
        #expect(keeping.complaints.isEmpty)
        keeping.compare(["a": many], with: ["a": .array(many.array?.reversed() ?? [])])
        #expect(keeping.complaints == ["/a is too long to be compared"])
        var others = Keeping(asked: [])
        others.compare([:], with: JSONObject((0..<100).map { ("k\($0)", 1) }))
        #expect(others.complaints.count == Keeping.most)
    }

    @Test func whateverAModelSaysIsReadOrRefused() throws {
        var random = SeededRandom(seed: 5)
        let seed = Array(
            #"{"choices":[{"message":{"content":"x","tool_calls":[{"function":{"name":"a","arguments":"{}"}}]}}]}"#.utf8
        )
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            let reply = try? ModelReply(completion: bytes)
            #expect(reply?.calls.count ?? 0 <= ModelReply.mostCalls)
            _ = Wording.objection(to: String(decoding: bytes, as: UTF8.self))
        }
    }
}
