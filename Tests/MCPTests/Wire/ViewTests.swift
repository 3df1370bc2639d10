import JSON
import Testing

@testable import MCP

struct ViewTests {
    @Test func aViewKeepsWhatItDoesNotKnow() throws {
        let json: JSON = [
            "name": "x", "inputSchema": ["type": "object", "x-odd": 1],
            "annotations": ["readOnlyHint": true, "z": [1]],
            "future": ["a": .null],
        ]
        let tool = try Tool(json)
        #expect(tool.json == json)
        #expect(tool.annotations?.readOnly == true)
        #expect(tool.title == nil)
    }

    @Test(arguments: [
        (#"{"inputSchema":{"type":"object"}}"#, "Tool.name: is missing"),
        (#"{"name":1,"inputSchema":{"type":"object"}}"#, "Tool.name: must be a text"),
        (#"{"name":"x","inputSchema":{"type":"string"}}"#, "Tool.inputSchema.type: must be object"),
        (#"{"name":"x","inputSchema":{"type":"object"},"icons":[{"src":"a"},{}]}"#, "Tool.icons[1].src: is missing"),
        (#"[]"#, "Tool: must be an object"),
    ])
    func aProblemIsNamedWithItsPlace(_ text: String, _ message: String) throws {
        let json = try JSON.parse(text)
        #expect(throws: RPCError.invalidParams(message)) { try Tool(json) }
    }

    @Test func contentIsReadByItsType() throws {
        let result = try CallToolResult([
            "content": [
                ["type": "text", "text": "a"], ["type": "image", "data": "", "mimeType": "image/png"],
                ["type": "resource", "resource": ["uri": "a:b", "text": ""]], ["type": "hologram", "x": 1],
            ]
        ])
        #expect(result.content.count == 4)
        #expect(result.content[0] == .text("a"))
        #expect(result.content[3] == .other(["type": "hologram", "x": 1]))
        #expect(throws: RPCError.invalidParams("CallToolResult.content[0].resource.uri: is missing")) {
            try CallToolResult(["content": [["type": "resource", "resource": ["text": ""]]]])
        }
    }

    @Test func anEmptyElicitationMeansForms() throws {
        let old = try ClientCapabilities(["elicitation": [:], "sampling": [:]])
        #expect(old.hasElicitationForm && !old.hasElicitationURL && old.hasSampling && !old.hasRoots)
        let url = ClientCapabilities(elicitationURL: true)
        #expect(!url.hasElicitationForm && url.hasElicitationURL)
        #expect(InputRequest.url(message: "go", url: "https://example.com").isServed(by: url))
        #expect(!InputRequest.form(message: "fill", schema: [:]).isServed(by: url))
        #expect(!InputRequest.roots.isServed(by: old))
    }

    @Test func requestsForInputAreCheckedEach() throws {
        let requests = InputRequests(["a": .form(message: "m", schema: ["type": "object"]), "b": .roots])
        #expect(requests["b"]?.kind == .roots && requests.count == 2)
        #expect(throws: RPCError.self) { try InputRequests(["a": ["method": "tools/call"]]) }
        #expect(throws: RPCError.self) {
            try InputRequiredResult(["resultType": "input_required", "inputRequests": ["a": ["method": "x"]]])
        }
        #expect(throws: RPCError.self) { try CallToolParams(["name": "x", "inputResponses": ["a": 1]]) }
    }

    @Test func aFilterIsCutToWhatIsOffered() {
        let wanted = SubscriptionFilter(tools: true, prompts: true, watching: ["a:b"])
        let offered = ServerCapabilities(tools: .init(tellsChanges: true), resources: .init())
        #expect(wanted.honoured(by: offered) == SubscriptionFilter(tools: true))
        #expect(Change.resource(uri: "a:b").isWanted(by: wanted))
        #expect(!Change.resource(uri: "a:c").isWanted(by: wanted))
        #expect(
            Change.tools.message(subscription: 3).json["params"]?["_meta"]?[MetaKey.subscriptionID]?.int == 3)
        #expect(Change.tools.message() == .notification(method: Method.toolsChanged, params: nil))
    }
}
