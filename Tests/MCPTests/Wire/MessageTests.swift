import JSON
import TestSupport
import Testing

@testable import MCP

struct MessageTests {
    private func parse(_ text: String, _ limits: MCPLimits = MCPLimits()) throws(RPCError) -> Message {
        try Message(parsing: Array(text.utf8), limits: limits)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","more":[1.50]}}"#,
        #"{"jsonrpc":"2.0","id":"a","method":"ping"}"#,
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":0.5}}"#,
        #"{"jsonrpc":"2.0","id":-9007199254740993,"result":{"resultType":"complete","odd":{"kept":true}}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no","data":[1]}}"#,
        #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}"#,
    ])
    func aMessageComesOutAsItWentIn(_ text: String) throws {
        let message = try parse(text)
        #expect(String(decoding: message.encoded(), as: UTF8.self) == text)
        #expect(message.json.text() == text)
    }

    @Test(arguments: [
        ("", RPCError.Code.parseError),
        ("{", RPCError.Code.parseError),
        (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}"#, RPCError.Code.parseError),
        ("[]", RPCError.Code.invalidRequest),
        (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":99999999999999999999,"method":"ping"}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":""}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":"x","result":{}}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"result":7}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","result":{}}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":""}}"#, RPCError.Code.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1}"#, RPCError.Code.invalidRequest),
    ])
    func whatIsNoMessageIsRefused(_ text: String, _ code: Int) {
        #expect { try parse(text) } throws: { ($0 as? RPCError)?.code == code }
    }

    @Test func everyBoundHolds() {
        var limits = MCPLimits()
        limits.messageBytes = 300
        limits.messageDepth = 4
        limits.idBytes = 8
        limits.nameBytes = 16
        let tooMuch = [
            #"{"jsonrpc":"2.0","method":"x","params":{"a":"\#(String(repeating: "b", count: 300))"}}"#,
            #"{"jsonrpc":"2.0","method":"x","params":{"a":[[[[]]]]}}"#,
            #"{"jsonrpc":"2.0","id":"123456789","method":"x"}"#,
            #"{"jsonrpc":"2.0","method":"12345678901234567"}"#,
        ]
        for text in tooMuch {
            #expect("\(text)") { try parse(text, limits) } throws: {
                ($0 as? RPCError)?.code == RPCError.Code.invalidRequest
            }
        }
    }

    @Test func theIDOfARefusedRequestIsFoundWhereThereIsOne() {
        func id(_ text: String) -> RequestID? { Message.id(inRefused: Array(text.utf8), MCPLimits()) }
        #expect(id(#"{"id":7,"method":"x","params":[]}"#) == 7)
        #expect(id(#"{"jsonrpc":"1","id":"a","method":3}"#) == "a")
        #expect(id(#"{"id":null,"method":"x"}"#) == nil)
        #expect(id(#"{"id":7,"result":1}"#) == nil)
        #expect(id("{") == nil)
    }

    /// Bytes of a message changed at random: parsed or refused, never anything else, and what parses comes out whole.
    @Test func changedMessagesAreReadOrRefused() throws {
        var random = SeededRandom(seed: 2_026_0728)
        let seeds = [
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"x","arguments":{"a":[1,2]}}}"#,
            #"{"jsonrpc":"2.0","id":"a","result":{"content":[{"type":"text","text":"é"}]}}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}"#,
        ].map { Array($0.utf8) }
        let end = ContinuousClock.now + .seconds(1)
        var read = 0
        while ContinuousClock.now < end {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            guard let message = try? Message(parsing: bytes) else { continue }
            read += 1
            #expect(try Message(parsing: message.encoded()) == message)
        }
        #expect(read > 0)
    }
}
