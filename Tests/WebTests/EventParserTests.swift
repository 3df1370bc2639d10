import Core
import TestSupport
import Testing
import Web

struct EventParserTests {
    private func events(_ pieces: [[UInt8]], limits: EventParser.Limits = .init()) throws -> [StreamEvent] {
        var parser = EventParser(limits: limits)
        return try pieces.flatMap { try parser.push($0) } + parser.finish()
    }

    private func events(_ text: String) throws -> [StreamEvent] { try events([[UInt8](text.utf8)]) }

    private func texts(_ events: [StreamEvent]) -> [String] { events.map { String(decoding: $0.data, as: UTF8.self) } }

    @Test(arguments: ["\n", "\r\n", "\r"]) func readsEveryLineEnd(_ end: String) throws {
        let events = try events(
            "event: first\(end)data: one\(end)\(end): a comment\(end)data:two\(end)data: three\(end)id: 7\(end)\(end)")
        #expect(texts(events) == ["one", "two\nthree"])
        #expect(events.map(\.name) == ["first", nil])
        #expect(events.allSatisfy { $0.isComplete })
    }

    @Test func skipsTheByteOrderMarkOnlyAtTheStart() throws {
        let events = try events("\u{FEFF}data: one\n\n\u{FEFF}data: two\n\n")
        #expect(events.map(\.hasData) == [true, false])
        #expect(texts(events)[0] == "one")
    }

    @Test func readsFieldsAsTheStandardSays() throws {
        let events = try events("data\ndata:  two spaces\ndata:x:y\nunknown\n\n")
        #expect(texts(events) == ["\n two spaces\nx:y"])
    }

    @Test func readsIdentityAndRetryTime() throws {
        let events = try events(
            "id: 1\nid: a:b\nretry: 250\n\nid\nretry: 2s\nretry\n\nid: x\0y\nidentity: 3\nid:7\n\ndata: 4\n\n")
        #expect(events.map(\.id) == ["a:b", "", "7", nil])
        #expect(events.map(\.retry) == [250, nil, nil, nil])
    }

    @Test func givesWhatWasCutOff() throws {
        let events = try events("data: one\n\ndata: two")
        #expect(texts(events) == ["one", "two"])
        #expect(events.map(\.isComplete) == [true, false])
    }

    @Test func splitsShowNowhere() throws {
        var random = SeededRandom(seed: 3)
        let stream = [UInt8](
            "\u{FEFF}: hello\r\n\r\nevent: a\r\ndata: {\"t\":\"é😀\"}\r\n\r\n\n\ndata: 1\rdata: 2\r\rdata: [DONE]\n\n\r\ndata: c"
                .utf8)
        let whole = try events([stream])
        #expect(whole.flatMap(\.raw) == stream)
        for _ in 0..<2_000 {
            let split = try events(random.pieces(of: stream))
            #expect(split.map(\.raw) == whole.map(\.raw))
            #expect(split.map(\.data) == whole.map(\.data))
            #expect(split.map(\.name) == whole.map(\.name))
        }
    }

    @Test func replacesDataAndNothingElse() throws {
        let event = try events("id: 1\r\ndata: one\r\n: between\r\ndata: two\r\nevent: e\r\n\r\n")[0]
        #expect(
            String(decoding: event.replacing(data: [UInt8]("new".utf8)), as: UTF8.self)
                == "id: 1\r\ndata: new\r\n: between\r\nevent: e\r\n\r\n")
        let single = try events("data:{}\n\n")[0]
        #expect(String(decoding: single.replacing(data: [UInt8]("[\n]".utf8)), as: UTF8.self) == "data:[\ndata: ]\n\n")
    }

    @Test func boundsALineThatNeverEnds() throws {
        var parser = EventParser()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        var pushed = 0
        let error = #expect(throws: GatehouseError.self) {
            for _ in 0..<100 {
                _ = try parser.push(piece)
                pushed += 1
            }
        }
        #expect(error?.code == .tooLarge)
        #expect(pushed == 16)
    }

    @Test func boundsLinesAndEventsThatAreWhole() throws {
        let lines = [UInt8](String(repeating: "data:\n", count: 20).utf8)
        #expect(throws: GatehouseError.self) { try events([lines + [10]], limits: .init(event: 1000, lines: 10)) }
        #expect(throws: GatehouseError.self) { try events([lines + [10]], limits: .init(event: 100, lines: 100)) }
        #expect(try events([lines + [10]], limits: .init(event: 1000, lines: 100)).count == 1)
    }
}
