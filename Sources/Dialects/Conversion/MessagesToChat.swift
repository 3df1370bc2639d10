import Core
import JSON

/// A request for a message as one for a chat completion.
struct MessagesToChat {
    func request(_ members: Members) throws(GatehouseError) -> JSON {
        var from = members
        var to: JSONObject = [:]
        to["model"] = from.take("model")
        to["max_completion_tokens"] = from.take("max_tokens")
        var messages: [JSON] = []
        if let system = from.take("system") {
            messages.append(["role": "system", "content": try texts(system, "/system")])
        }
        for (index, message) in (from.take("messages")?.array ?? []).enumerated() {
            messages += try self.messages(Members(message, at: "/messages/\(index)"))
        }
        to["messages"] = .array(messages)
        to["temperature"] = from.take("temperature")
        to["top_p"] = from.take("top_p")
        to["stop"] = from.take("stop_sequences")
        to["stream"] = from.take("stream")
        if to["stream"] == true { to["stream_options"] = ["include_usage": true] }
        if var metadata = try from.take("metadata").map({ (value) throws(GatehouseError) in
            try Members(value, at: "/metadata")
        }) {
            to["user"] = metadata.take("user_id")
            try metadata.done()
        }
        try tools(&from, &to)
        try output(&from, &to)
        try from.leave("thinking", when: ["type": "disabled"])
        try from.leave("service_tier", when: "auto")
        from.drop("cache_control")
        try from.done()
        return .object(to)
    }

    private func output(_ from: inout Members, _ to: inout JSONObject) throws(GatehouseError) {
        guard let value = from.take("output_config") else { return }
        var config = try Members(value, at: "/output_config")
        to["reasoning_effort"] = config.take("effort")
        if let schema = config.take("format")?["schema"] {
            to["response_format"] = ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema]]
        }
        try config.done()
    }

    private func tools(_ from: inout Members, _ to: inout JSONObject) throws(GatehouseError) {
        if let tools = from.take("tools") {
            var carried: [JSON] = []
            for (index, tool) in (tools.array ?? []).enumerated() {
                var tool = try Members(tool, at: "/tools/\(index)")
                try tool.leave("type", when: "custom")
                var function: JSONObject = [:]
                function["name"] = tool.take("name")
                function["description"] = tool.take("description")
                function["parameters"] = tool.take("input_schema")
                function["strict"] = tool.take("strict")
                tool.drop("cache_control")
                try tool.done()
                carried.append(["type": "function", "function": .object(function)])
            }
            to["tools"] = .array(carried)
        }
        guard let value = from.take("tool_choice") else { return }
        var choice = try Members(value, at: "/tool_choice")
        switch try choice.text("type") {
        case "auto": to["tool_choice"] = "auto"
        case "none": to["tool_choice"] = "none"
        case "any": to["tool_choice"] = "required"
        case "tool":
            to["tool_choice"] = ["type": "function", "function": ["name": choice.take("name") ?? .null]]
        default: throw choice.refusal("type")
        }
        if choice.take("disable_parallel_tool_use") == true { to["parallel_tool_calls"] = false }
        try choice.done()
    }

    /// The answers of tools come as messages of their own, before what else a turn says.
    private func messages(_ members: Members) throws(GatehouseError) -> [JSON] {
        var from = members
        let role = try from.text("role") ?? ""
        guard ["user", "assistant"].contains(role) else { throw from.refusal("role") }
        let content = from.take("content")
        try from.done()
        if let text = content?.string { return [["role": .string(role), "content": .string(text)]] }
        var (messages, parts, calls) = ([JSON](), [JSON](), [JSON]())
        for (index, block) in (content?.array ?? []).enumerated() {
            var block = try Members(block, at: "\(from.place)/content/\(index)")
            block.drop("cache_control")
            switch try block.text("type") {
            case "text":
                parts.append(["type": "text", "text": block.take("text") ?? ""])
                try block.leave("citations", when: [])
            case "image" where role == "user":
                parts.append(["type": "image_url", "image_url": ["url": .string(try address(&block))]])
            case "document" where role == "user": parts.append(try file(&block))
            case "tool_use" where role == "assistant": calls.append(call(&block))
            case "tool_result" where role == "user": messages.append(try result(&block))
            default: throw block.refusal("type")
            }
            try block.done()
        }
        guard !parts.isEmpty || !calls.isEmpty else { return messages }
        var message: JSONObject = ["role": .string(role)]
        message["content"] = parts.isEmpty ? .null : .array(parts)
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        return messages + [.object(message)]
    }

    private func call(_ block: inout Members) -> JSON {
        var function: JSONObject = [:]
        function["name"] = block.take("name")
        function["arguments"] = .string((block.take("input") ?? [:]).text())
        var call: JSONObject = ["type": "function", "function": .object(function)]
        call["id"] = block.take("id")
        return .object(call)
    }

    /// Chats have no mark for a tool's failure; its text says so.
    private func result(_ block: inout Members) throws(GatehouseError) -> JSON {
        var message: JSONObject = ["role": "tool"]
        message["tool_call_id"] = block.take("tool_use_id")
        let content = try block.take("content").map { (value) throws(GatehouseError) in
            try texts(value, "\(block.place)/content")
        }
        let isError = block.take("is_error") == true
        guard isError else {
            message["content"] = content ?? ""
            return .object(message)
        }
        let parts = content?.array ?? [["type": "text", "text": content ?? ""]]
        message["content"] = .array([["type": "text", "text": "Error:"]] + parts)
        return .object(message)
    }

    private func texts(_ value: JSON, _ place: String) throws(GatehouseError) -> JSON {
        if value.string != nil { return value }
        var parts: [JSON] = []
        for (index, block) in (value.array ?? []).enumerated() {
            var block = try Members(block, at: "\(place)/\(index)")
            try block.leave("type", when: "text")
            parts.append(["type": "text", "text": block.take("text") ?? ""])
            try block.leave("citations", when: [])
            block.drop("cache_control")
            try block.done()
        }
        return .array(parts)
    }

    private func address(_ block: inout Members) throws(GatehouseError) -> String {
        var source = try Members(block.take("source") ?? .null, at: "\(block.place)/source")
        switch try source.text("type") {
        case "url": return try source.text("url") ?? ""
        case "base64": return "data:\(try source.text("media_type") ?? "");base64,\(try source.text("data") ?? "")"
        default: throw source.refusal("type")
        }
    }

    private func file(_ block: inout Members) throws(GatehouseError) -> JSON {
        var source = try Members(block.take("source") ?? .null, at: "\(block.place)/source")
        let mediaType = try source.text("media_type") ?? ""
        let data = try source.text("data") ?? ""
        let encoded: String
        switch try source.text("type") {
        case "base64": encoded = data
        case "text": encoded = Base64.encode(Array(data.utf8))
        default: throw source.refusal("type")
        }
        try source.done()
        try block.leave("citations", when: ["enabled": false])
        var file: JSONObject = ["file_data": .string("data:\(mediaType);base64,\(encoded)")]
        file["filename"] = block.take("title") ?? "document"
        return ["type": "file", "file": .object(file)]
    }
}
