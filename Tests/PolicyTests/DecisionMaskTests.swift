import Core
import JSON
import Policy
import Rego
import TestSupport
import Testing

@Suite("Decision logs: masking")
struct DecisionMaskTests {
    private static func event(_ input: RegoValue?, result: RegoValue? = true) -> DecisionEvent {
        var event = DecisionEvent(
            decisionID: "dec_1", question: .path("shop/allow"), timestamp: Timestamp(seconds: 1_800_000_000))
        event.input = input
        event.result = result
        event.labels = ["id": "here", "version": "1"]
        event.bundles = ["shop": "r7"]
        return event
    }

    private static func masked(_ rego: String, _ event: DecisionEvent) throws -> DecisionEvent? {
        let store = try PolicyStore()
        try store.put(module: Array("package system.log\n\(rego)\n".utf8), id: "mask.rego")
        return DecisionLog().masked(event, by: store.current)
    }

    @Test("an event has OPA's members, and no others")
    func form() throws {
        var event = Self.event(["user": "ada"])
        event.requestedBy = "127.0.0.1:4711"
        event.requestID = 7
        event.metrics = ["timer_rego_query_eval_ns": 1200]
        let expected: JSON = [
            "bundles": ["shop": ["revision": "r7"]], "decision_id": "dec_1", "input": ["user": "ada"],
            "labels": ["id": "here", "version": "1"], "metrics": ["timer_rego_query_eval_ns": 1200],
            "path": "shop/allow", "req_id": 7, "requested_by": "127.0.0.1:4711", "result": true,
            "timestamp": "2027-01-15T08:00:00.000000Z",
        ]
        #expect(event.json == expected)
    }

    @Test("without a mask, an event stays what it is")
    func noMask() throws {
        let event = Self.event(["password": "hunter2"])
        #expect(DecisionLog().masked(event, by: try PolicyStore().current) == event)
    }

    @Test("a pointer erases, wherever it leads, and what it erased is listed")
    func erase() throws {
        let input: RegoValue = ["user": "ada", "password": "x", "cards": [["pan": "4111"], ["pan": "4222"]], "a/b": 1]
        let rego = """
            mask contains "/input/password"
            mask contains "/input/nothing/here"
            mask contains "/input/a~1b"
            mask contains sprintf("/input/cards/%d/pan", [i]) if some i, _ in input.input.cards
            """
        let event = try #require(try Self.masked(rego, Self.event(input)))
        #expect(event.input == ["user": "ada", "cards": [[:], [:]]])
        #expect(Set(event.erased) == ["/input/password", "/input/a~1b", "/input/cards/0/pan", "/input/cards/1/pan"])
        #expect(event.masked.isEmpty && event.result == true)
    }

    @Test("elements that are erased leave null behind, so that others keep their places")
    func elements() throws {
        let rego = """
            mask contains "/input/0"
            mask contains "/input/1"
            """
        let event = try #require(try Self.masked(rego, Self.event(["secret one", "secret two", "open"])))
        #expect(event.input == [.null, .null, "open"])
    }

    @Test("the whole input or result is erased, or replaced")
    func whole() throws {
        let rego = """
            mask contains "/input"
            mask contains {"op": "upsert", "path": "/result", "value": "hidden"} if input.path == "shop/allow"
            """
        let event = try #require(try Self.masked(rego, Self.event(["x": 1])))
        #expect(event.input == nil && event.result == "hidden")
        #expect(event.erased == ["/input"] && event.masked == ["/result"])
    }

    @Test("upsert replaces what is there and adds what is not")
    func upsert() throws {
        let rego = """
            mask contains {"op": "upsert", "path": "/input/user/name", "value": "***"}
            mask contains {"op": "upsert", "path": "/input/seen/by", "value": "log"}
            mask contains {"op": "remove", "path": "/input/user/mail"}
            """
        let event = try #require(
            try Self.masked(rego, Self.event(["user": ["name": "ada", "mail": "a@example.org"]])))
        #expect(event.input == ["user": ["name": "***"], "seen": ["by": "log"]])
        #expect(Set(event.masked) == ["/input/user/name", "/input/seen/by"] && event.erased == ["/input/user/mail"])
    }

    @Test(
        "a mask that fails keeps neither input nor result",
        arguments: [
            "mask contains 7", "mask contains \"/labels/id\"", "mask contains \"password\"", "mask := true",
            "mask contains {\"op\": \"move\", \"path\": \"/input/x\"}",
            "mask contains {\"op\": \"upsert\", \"path\": \"/input/x\"}",
            "mask contains {\"op\": \"upsert\", \"path\": \"/input/password/deep\", \"value\": 1}",
            "mask contains x if x := to_number(\"seven\")",
            "mask contains \"/input/a\" if count([1 | some i in numbers.range(1, 99999999); i > 0]) > 0",
            "mask := {\"a\"} if true\nmask := {\"b\"} if true",
        ])
    func failsClosed(rego: String) throws {
        let event = try #require(try Self.masked(rego, Self.event(["password": "hunter2"], result: "secret")))
        #expect(event.input == nil && event.result == nil)
        #expect(event.erased == ["/input", "/result"])
        #expect(event.custom["mask_error"] != nil)
        #expect(!event.json.text().contains("hunter2"))
    }

    @Test("drop drops; one that fails drops nothing")
    func drop() throws {
        #expect(try Self.masked("drop if input.path == \"shop/allow\"", Self.event([:])) == nil)
        #expect(try Self.masked("drop if input.path == \"shop/deny\"", Self.event([:])) != nil)
        #expect(try Self.masked("drop if to_number(\"x\") == 1", Self.event([:])) != nil)
        #expect(try Self.masked("drop := \"yes\"", Self.event([:])) != nil)
    }

    @Test("no pointer and no value makes masking fail otherwise than it should")
    func arbitrary() throws {
        var random = SeededRandom(seed: 11)
        let pieces = [
            "/", "input", "result", "~", "~1", "%", "%2", "%2F", "%ff", "0", "-1", "a", "", "\\", "é", "\u{0}",
        ]
        for _ in 0..<300 {
            let pointer = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            let quoted = RegoValue(pointer).json.text()
            let input: RegoValue = ["a": ["0": [1, ["a": 2]]], "": "x", "/": "y"]
            let event = try #require(try Self.masked("mask contains \(quoted)", Self.event(input)))
            #expect(event.input != nil || event.erased.contains("/input") || !event.erased.isEmpty)
        }
    }
}
