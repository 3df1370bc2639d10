import JSON
import Testing

@testable import MCP

struct HeaderTests {
    @Test(arguments: [
        ("us-west1", "us-west1"), ("a b", "a b"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
        (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", ""),
    ])
    func aTextSurvivesAHeader(_ text: String, _ header: String) {
        #expect(HeaderText.encode(text) == header)
        #expect(HeaderText.decode(header) == text)
    }

    @Test(arguments: ["=?base64?SGVsbG8?=", "=?base64?!!!!?=", "=?base64?/w==?=", "caf\u{E9}", "a\u{0}b"])
    func aSpoiltHeaderIsRefused(_ header: String) { #expect(HeaderText.decode(header) == nil) }

    @Test func parametersAreFoundByTheirPath() throws {
        let mirrored = try MirroredParameters(inputSchema: [
            "type": "object",
            "properties": [
                "region": ["type": "string", "x-mcp-header": "Region"],
                "deep": ["type": "object", "properties": ["n": ["type": "integer", "x-mcp-header": "N"]]],
                "query": ["type": "string"],
            ],
        ])
        #expect(mirrored.parameters.map(\.header) == ["Mcp-Param-Region", "Mcp-Param-N"])
        let arguments: JSON = ["region": "eu", "deep": ["n": 42]]
        #expect(mirrored.parameters.map { $0.text(in: arguments) } == ["eu", "42"])
        #expect(mirrored.parameters[1].isSame("42.0", in: arguments))
        #expect(!mirrored.parameters[1].isSame("43", in: arguments))
        #expect(!mirrored.parameters[0].isSame("EU", in: arguments))
        #expect(mirrored.parameters[0].text(in: ["region": .null]) == nil)
    }

    @Test(arguments: [
        #"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
        #"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
        #"{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}"#,
        #"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#,
        #"{"type":"string","x-mcp-header":"A"}"#,
    ])
    func aSchemaThatBreaksTheRulesIsRefused(_ text: String) throws {
        let schema = try JSON.parse(text)
        #expect(throws: RPCError.self) { try MirroredParameters(inputSchema: schema) }
    }
}
