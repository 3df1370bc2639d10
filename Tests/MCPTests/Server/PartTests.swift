import Core
import JSON
import TestSupport
import Testing

@testable import MCP

struct MessageLogTests {
    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count) }

    @Test func notificationsGiveWayBeforeMessages() {
        var log = MessageLog(keepsRead: true, greatestCount: 3, greatestBytes: 1000)
        log.append(bytes(1), isNotification: false)
        for _ in 0..<4 { log.append(bytes(1), isNotification: true) }
        #expect(log.entries.map(\.number) == [1, 4, 5])
        #expect(
            !log.canResume(after: 1) && log.canResume(after: 3) && log.canResume(after: 5) && !log.canResume(after: 6))
        for _ in 0..<4 { log.append(bytes(1), isNotification: false) }
        #expect(log.entries.map(\.number) == [7, 8, 9])
    }

    @Test func bytesAreBoundToo() {
        var log = MessageLog(keepsRead: true, greatestCount: 100, greatestBytes: 10)
        for _ in 0..<5 { log.append(bytes(4), isNotification: true) }
        #expect(log.entries.map(\.number) == [4, 5] && log.bytes == 8)
        // The newest stays, however large.
        log.append(bytes(100), isNotification: false)
        #expect(log.entries.map(\.number) == [6] && log.bytes == 100)
    }

    @Test func whatNobodyComesBackForIsForgotten() {
        var log = MessageLog(keepsRead: false, greatestCount: 3, greatestBytes: 1000)
        for _ in 0..<5 { log.append(bytes(1), isNotification: false) }
        // Answers never give way.
        #expect(log.entries.count == 5)
        log.markRead(through: 3)
        #expect(log.entries.map(\.number) == [4, 5] && log.bytes == 2)
        #expect(log.entries(after: 4).map(\.number) == [5])
        #expect(log.entries(after: 5).isEmpty)
    }
}

struct LineReaderTests {
    @Test func linesAreCutWhereverTheBytesAre() {
        let text = Array("one\r\n\ntwo\nthree".utf8)
        for size in 1...text.count {
            var reader = LineReader(greatest: 5)
            var lines: [LineReader.Line] = []
            for start in stride(from: 0, to: text.count, by: size) {
                lines += reader.add(Array(text[start..<min(start + size, text.count)]))
            }
            #expect(lines == [.line(Array("one".utf8)), .line(Array("two".utf8))])
        }
    }

    @Test func aLineBeyondTheLimitIsSkippedWhole() {
        var reader = LineReader(greatest: 3)
        #expect(reader.add(Array("abcd".utf8)).isEmpty)
        #expect(reader.add(Array("efg\nab\n".utf8)) == [.tooLong, .line(Array("ab".utf8))])
    }
}

struct StateSealerTests {
    private let clock = ManualWallClock()

    private func sealer(capacity: Int = 100) -> StateSealer {
        StateSealer(key: [UInt8](repeating: 7, count: 32), lifetime: .seconds(60), capacity: capacity, clock: clock)
    }

    private func refused(_ sealer: StateSealer, _ state: String, _ identity: String = "ada", _ call: String = "c")
        -> Bool
    {
        (try? sealer.open(state, identity: identity, call: call)) == nil
    }

    @Test func aStateServesOnceForWhomAndWhatItWasMade() throws {
        let sealer = sealer()
        let state = sealer.seal([1, 2, 3], identity: "ada", call: "c")
        #expect(refused(sealer, state, "eve"))
        #expect(refused(sealer, state, "ada", "d"))
        #expect(refused(sealer, state, "adac", ""))
        #expect(try sealer.open(state, identity: "ada", call: "c") == [1, 2, 3])
        #expect(refused(sealer, state))
        #expect(refused(StateSealer(), self.sealer().seal([], identity: "ada", call: "c")))
    }

    @Test func itExpires() {
        let sealer = sealer()
        let state = sealer.seal([], identity: "ada", call: "c")
        clock.advance(by: .seconds(60))
        #expect(refused(sealer, state))
    }

    @Test func everyChangeIsSeen() throws {
        let sealer = sealer()
        let state = sealer.seal(Array("payload".utf8), identity: "ada", call: "c")
        let bytes = try #require(Base64.decode(state, .url))
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(refused(sealer, Base64.encode(changed, .url)), "byte \(place)")
        }
        for text in ["", "AAAA", state + "A", String(state.dropLast()), "é", String(repeating: "A", count: 100_000)] {
            #expect(refused(sealer, text))
        }
        #expect(!refused(sealer, state))
    }

    @Test func whenTooManyAreRememberedNoneIsOpenedUntilSomeExpire() {
        let sealer = sealer(capacity: 2)
        let states = (0..<3).map { _ in sealer.seal([], identity: "ada", call: "c") }
        #expect(!refused(sealer, states[0]) && !refused(sealer, states[1]))
        #expect(refused(sealer, states[2]))
        clock.advance(by: .seconds(61))
        #expect(!refused(sealer, sealer.seal([], identity: "ada", call: "c")))
    }
}

struct DigestTests {
    @Test func theTriesOfOneCallHaveOneDigest() throws {
        let first = ServerRequest.callTool(
            try CallToolParams(["name": "a", "arguments": ["x": 1, "y": 2], "_meta": [:]]))
        let again = ServerRequest.callTool(
            try CallToolParams([
                "requestState": "s", "arguments": ["y": 2, "x": 1.0], "name": "a", "inputResponses": [:],
            ]))
        let other = ServerRequest.callTool(try CallToolParams(["name": "a", "arguments": ["x": 1, "y": 3]]))
        let prompt = ServerRequest.getPrompt(try GetPromptParams(["name": "a"]))
        let tool = ServerRequest.callTool(try CallToolParams(["name": "a"]))
        #expect(first.digest == again.digest)
        #expect(first.digest != other.digest)
        #expect(prompt.digest != tool.digest)
    }
}
