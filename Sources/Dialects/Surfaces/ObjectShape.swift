import JSON

/// What an object of the API says about itself: its type, its role, whether it is signed.
struct ObjectShape {
    enum PayloadKind {
        case sealed
        case media(type: String)
    }

    private let type: String
    private let role: String
    private let mediaType: String?
    private let isSigned: Bool

    init(_ object: JSONView) {
        type = object["type"]?.string ?? ""
        role = object["role"]?.string ?? ""
        mediaType = object["media_type"]?.string
        isSigned = object["signature"]?.withUTF8 { !$0.isEmpty } ?? false
    }

    func applied(to outer: TextFinder.Context) -> TextFinder.Context {
        var context = outer
        switch role {
        case "": break
        case "system", "developer": context.writer = .system
        case "user": context.writer = .user
        case "assistant", "model": context.writer = .assistant
        case "tool", "function":
            context.writer = .tool
            context.isUntrusted = true
        default: context.writer = .unknown
        }
        if isSigned { context.isSigned = true }
        switch type {
        case "document", "file", "input_file", "search_result", "web_search_result": context.isUntrusted = true
        case _ where type.hasSuffix("_output") || type.hasSuffix("tool_result"):
            context.writer = .tool
            context.isUntrusted = true
        case _ where isCall: context.writer = .assistant
        case "reasoning": context.writer = .assistant
        default: break
        }
        return context
    }

    /// How the value of a member is read whose meaning depends on the object around it.
    func inner(_ outer: TextFinder.Context) -> TextFinder.Context {
        var context = outer
        switch outer.key {
        case "input" where isCall: context.zone = type == "custom_tool_call" ? .envelope : .data
        case "input" where outer.parentKey.isEmpty && type.isEmpty: context.writer = .user
        case "prompt" where outer.parentKey.isEmpty: context.writer = .system
        case "prediction": context.writer = .assistant
        case "stop", "stop_sequences": context.writer = .user
        case "output", "outputs", "results", "error", "stdout", "stderr", "cited_text":
            if isCall || outer.key == "cited_text" {
                context.writer = .tool
                context.isUntrusted = true
            }
        default: break
        }
        return context
    }

    /// Whether the object's name is that of a tool or a schema, which the provider holds to identifiers.
    func namesTool(_ context: TextFinder.Context) -> Bool {
        guard role.isEmpty else { return false }
        if context.writer == .toolDefinition || isCall || type == "function" { return true }
        return ["function", "function_call", "tool_choice", "custom", "json_schema", "format", "tools"]
            .contains(context.parentKey)
    }

    func payload(under context: TextFinder.Context) -> PayloadKind? {
        switch (context.key, type) {
        case ("data", "base64"): .media(type: mediaType ?? "")
        case ("data", "redacted_thinking"): .sealed
        case ("result", "image_generation_call"), ("b64_json", _), ("partial_image_b64", _): .media(type: "image")
        case ("data", _) where ["input_audio", "audio"].contains(context.parentKey): .media(type: "audio")
        case ("embedding", _): .media(type: "embedding")
        default: nil
        }
    }

    private var isCall: Bool { type.hasSuffix("tool_use") || type.hasSuffix("_call") || type == "mcp_approval_request" }
}
