import Core
import JSON

/// A request for a chat completion as one for a message.
struct ChatToMessages {
    let defaultOutput: Int

    func request(_ members: Members) throws(GatehouseError) -> JSON {
        var from = members
        var to: JSONObject = [:]
        to["model"] = from.take("model")
        let bound = from.take("max_tokens")
        to["max_tokens"] = from.take("max_completion_tokens") ?? bound ?? JSON(defaultOutput)
        try conversation(from.take("messages"), &to)
        to["temperature"] = from.take("temperature")
        if let temperature = to["temperature"]?.double, temperature > 1 { throw from.refusal("temperature") }
        to["top_p"] = from.take("top_p")
        if let stop = from.take("stop") { to["stop_sequences"] = stop.string.map { [.string($0)] } ?? stop }
        to["stream"] = from.take("stream")
        if let user = from.take("user") { to["metadata"] = ["user_id": user] }
        try tools(&from, &to)
        try output(&from, &to)
        try from.leave("n", when: 1)
        try from.leave("logprobs", when: false)
        try from.leave("store", when: false)
        try from.leave("seed")
        try from.leave("frequency_penalty", when: 0, 0.0)
        try from.leave("presence_penalty", when: 0, 0.0)
        try from.leave("modalities", when: ["text"])
        try from.leave("service_tier", when: "auto", "default")
        try from.leave("metadata", when: [:])
        try from.leave("logit_bias", when: [:])
        from.drop("stream_options")
        try from.done()
        return .object(to)
    }

    private func output(_ from: inout Members, _ to: inout JSONObject) throws(GatehouseError) {
        var config: JSONObject = [:]
        if let effort = try from.text("reasoning_effort") {
            guard ["low", "medium", "high", "xhigh", "max"].contains(effort) else {
                throw from.refusal("reasoning_effort")
            }
            config["effort"] = .string(effort)
        }
        if let format = from.take("response_format") {
            switch format["type"]?.string {
            case "text": break
            case "json_schema":
                guard let schema = format["json_schema"]?["schema"] else { throw from.refusal("response_format") }
                config["format"] = ["type": "json_schema", "schema": schema]
            default: throw from.refusal("response_format")
            }
        }
        if !config.isEmpty { to["output_config"] = .object(config) }
    }

    private func tools(_ from: inout Members, _ to: inout JSONObject) throws(GatehouseError) {
        if let tools = from.take("tools") {
            var carried: [JSON] = []
            for (index, tool) in (tools.array ?? []).enumerated() { carried.append(try self.tool(tool, index)) }
            to["tools"] = .array(carried)
        }
        var choice: JSONObject?
        if let wanted = from.take("tool_choice") {
            switch wanted.string {
            case "auto": choice = ["type": "auto"]
            case "none": choice = ["type": "none"]
            case "required": choice = ["type": "any"]
            default:
                guard let name = wanted["function"]?["name"] else { throw from.refusal("tool_choice") }
                choice = ["type": "tool", "name": name]
            }
        }
        if from.take("parallel_tool_calls") == false, to["tools"] != nil, choice?["type"] != "none" {
            choice = choice ?? ["type": "auto"]
            choice?["disable_parallel_tool_use"] = true
        }
        if let choice { to["tool_choice"] = .object(choice) }
    }

    private func tool(_ tool: JSON, _ index: Int) throws(GatehouseError) -> JSON {
        var outer = try Members(tool, at: "/tools/\(index)")
        try outer.leave("type", when: "function")
        guard let inner = outer.take("function") else { throw outer.refusal("function") }
        try outer.done()
        var from = try Members(inner, at: "/tools/\(index)/function")
        var to: JSONObject = [:]
        to["name"] = from.take("name")
        to["description"] = from.take("description")
        to["input_schema"] = from.take("parameters") ?? ["type": "object", "properties": [:]]
        to["strict"] = from.take("strict")
        try from.done()
        return .object(to)
    }
}

extension ChatToMessages {
    /// System messages go to `system`; neighbours of one role are put together, as answers of several tools must be.
    private func conversation(_ messages: JSON?, _ to: inout JSONObject) throws(GatehouseError) {
        var system: [JSON] = []
        var turns: [(role: String, blocks: [JSON])] = []
        for (index, message) in (messages?.array ?? []).enumerated() {
            var from = try Members(message, at: "/messages/\(index)")
            let role = try from.text("role") ?? ""
            let blocks: [JSON]
            switch role {
            case "system", "developer": system += try content(&from)
            case "user":
                blocks = try content(&from)
                add(blocks, "user", &turns)
            case "assistant":
                blocks = try content(&from) + calls(&from)
                from.drop("reasoning_content")
                try from.leave("annotations", when: [])
                add(blocks, "assistant", &turns)
            case "tool":
                var result: JSONObject = ["type": "tool_result"]
                result["tool_use_id"] = from.take("tool_call_id")
                result["content"] = .array(try content(&from))
                add([.object(result)], "user", &turns)
            default: throw from.refusal("role")
            }
            try from.done()
        }
        if !system.isEmpty { to["system"] = .array(system) }
        to["messages"] = .array(turns.map { ["role": .string($0.role), "content": .array($0.blocks)] })
    }

    private func add(_ blocks: [JSON], _ role: String, _ turns: inout [(role: String, blocks: [JSON])]) {
        if turns.last?.role == role {
            turns[turns.count - 1].blocks += blocks
        } else {
            turns.append((role, blocks))
        }
    }

    private func content(_ from: inout Members) throws(GatehouseError) -> [JSON] {
        guard let content = from.take("content") else { return [] }
        if let text = content.string { return text.isEmpty ? [] : [["type": "text", "text": .string(text)]] }
        var blocks: [JSON] = []
        for (index, part) in (content.array ?? []).enumerated() {
            blocks.append(try block(Members(part, at: "\(from.place)/content/\(index)")))
        }
        return blocks
    }

    private func block(_ members: Members) throws(GatehouseError) -> JSON {
        var from = members
        var to: JSONObject = [:]
        switch try from.text("type") {
        case "text":
            to["type"] = "text"
            to["text"] = from.take("text")
        case "image_url":
            var image = try Members(from.take("image_url") ?? .null, at: "\(from.place)/image_url")
            let url = try image.text("url") ?? ""
            try image.leave("detail", when: "auto")
            try image.done()
            to["type"] = "image"
            to["source"] = try source(url, orAt: true, image.refusal("url"))
        case "file":
            var file = try Members(from.take("file") ?? .null, at: "\(from.place)/file")
            to["type"] = "document"
            to["title"] = file.take("filename")
            to["source"] = try source(file.text("file_data") ?? "", orAt: false, file.refusal("file_data"))
            try file.done()
        default: throw from.refusal("type")
        }
        from.drop("cache_control")
        try from.done()
        return .object(to)
    }

    /// A data URL in base64, or where allowed an address.
    private func source(_ url: String, orAt: Bool, _ refusal: GatehouseError) throws(GatehouseError) -> JSON {
        guard url.hasPrefix("data:") else {
            guard orAt, url.hasPrefix("https://") || url.hasPrefix("http://") else { throw refusal }
            return ["type": "url", "url": .string(url)]
        }
        guard let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64") else { throw refusal }
        let mediaType = String(url[..<comma].dropFirst("data:".count).prefix { $0 != ";" })
        let data = String(url[url.index(after: comma)...])
        guard mediaType == "text/plain" else {
            return ["type": "base64", "media_type": .string(mediaType), "data": .string(data)]
        }
        guard let bytes = Base64.decode(data), let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal
        }
        return ["type": "text", "media_type": "text/plain", "data": .string(text)]
    }

    private func calls(_ from: inout Members) throws(GatehouseError) -> [JSON] {
        var blocks: [JSON] = []
        if let refused = try from.text("refusal"), !refused.isEmpty {
            blocks.append(["type": "text", "text": .string(refused)])
        }
        let calls = from.take("tool_calls")?.array ?? []
        for (index, call) in calls.enumerated() {
            var call = try Members(call, at: "\(from.place)/tool_calls/\(index)")
            try call.leave("type", when: "function")
            call.drop("index")
            var to: JSONObject = ["type": "tool_use"]
            to["id"] = call.take("id")
            var function = try Members(call.take("function") ?? .null, at: "\(call.place)/function")
            to["name"] = function.take("name")
            let arguments = try function.text("arguments") ?? ""
            guard let input = arguments.isEmpty ? [:] : try? JSON.parse(arguments), input.object != nil else {
                throw function.refusal("arguments")
            }
            to["input"] = input
            try function.done()
            try call.done()
            blocks.append(.object(to))
        }
        return blocks
    }
}
