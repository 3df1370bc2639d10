import JSON

/// What must hold of any bytes that a peer of MCP sends. libFuzzer calls this; a broken promise ends the process, which
/// it reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMCP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    checkLines(bytes)
    checkHeader(bytes)
    guard let message = try? Message(parsing: bytes) else {
        _ = Message.id(inRefused: bytes, MCPLimits())
        return 0
    }
    require(try Message(parsing: message.encoded()) == message, "a message that is written reads back")
    require(try Message(json: message.json) == message, "a message is the same as a value")
    switch message {
    case .request(_, _, let params), .notification(_, let params): checkViews(params ?? [:])
    case .result(_, let result): checkViews(result)
    case .error(_, let error): require(try RPCError(error.json) == error, "an error that is written reads back")
    }
    return 0
}

private let views: [any MCPObject.Type] = [
    CallToolParams.self, CallToolResult.self, GetPromptParams.self, GetPromptResult.self, ReadResourceParams.self,
    ReadResourceResult.self, CompleteParams.self, CompleteResult.self, InitializeParams.self, InitializeResult.self,
    DiscoverResult.self, InputRequiredResult.self, InputRequests.self, InputResponses.self, CreateMessageParams.self,
    CreateMessageResult.self, ListResult<Tool>.self, ListResult<Resource>.self, ListResult<Prompt>.self,
    RequestMeta.self, SubscriptionFilter.self, ProgressParams.self, LoggingParams.self, CancelledParams.self,
]

private func checkViews(_ json: JSON) {
    for view in views {
        guard let object = try? view.init(json) else { continue }
        require(object.json == json, "a view gives back the object that it came from")
    }
    if let meta = json["_meta"] { _ = try? RequestMeta(meta) }
    guard let schema = json["inputSchema"], let mirrored = try? MirroredParameters(inputSchema: schema) else { return }
    for parameter in mirrored.parameters {
        guard let text = parameter.text(in: json) else { continue }
        require(parameter.isSame(text, in: json), "an argument is the same as its own text")
    }
}

private func checkHeader(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    require(HeaderText.decode(HeaderText.encode(text)) == text, "a text survives a header")
    _ = HeaderText.decode(text)
}

/// Wherever the bytes are cut, the lines are the same.
private func checkLines(_ bytes: [UInt8]) {
    var (whole, pieces) = (LineReader(greatest: 64), LineReader(greatest: 64))
    let lines = whole.add(bytes)
    let middle = bytes.count / 2
    require(pieces.add(Array(bytes[..<middle])) + pieces.add(Array(bytes[middle...])) == lines, "lines are lines")
}

private func require(_ condition: @autoclosure () throws -> Bool, _ promise: StaticString) {
    guard (try? condition()) == true else { fatalError("broken: \(promise)") }
}
