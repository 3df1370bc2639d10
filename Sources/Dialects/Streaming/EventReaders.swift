import JSON

/// `content_block_delta` and its kin. A block's own pieces have its index; each kind of delta is a channel.
enum AnthropicEvents {
    static func read(_ root: JSONView, _ type: String, _ reading: inout EventReading) {
        let index = root["index"]?.int ?? 0
        switch type {
        case "content_block_start":
            guard let block = root["content_block"] else { return }
            for name in ["text", "thinking"] {
                guard let text = block[name], text.kind == .string else { continue }
                let path: [EventReading.Step] = [.member("delta"), .member(name)]
                reading.deltas.append(.init(channel: channel(name, index), view: text, path: path))
            }
        case "content_block_delta":
            guard let delta = root["delta"] else { return }
            let kind = delta["type"]?.string
            // A signature comes when the text that it signs has ended.
            if kind == "signature_delta" {
                reading.signatureOf = index
                reading.ends = [.group(index)]
            }
            for member in delta.members where member.value.kind == .string {
                let name = member.key
                guard DeltaNames.isText(name) else { continue }
                reading.deltas.append(
                    .init(channel: channel(name, index), view: member.value, path: [.member("delta"), .member(name)]))
            }
            reading.isOnlyText = !reading.deltas.isEmpty && kind != "compaction_delta"
        case "content_block_stop": reading.ends = [.group(index)]
        case "message_stop", "error": reading.ends = [.all]
        default: break
        }
    }

    private static func channel(_ name: String, _ index: Int) -> Channel {
        Channel(
            writer: .assistant, isSigned: name == "thinking", isJSON: name == "partial_json", key: name, group: index)
    }
}

/// `response.….delta` and `response.….done`, by output item and part.
enum ResponsesEvents {
    static func read(_ root: JSONView, _ type: String, _ reading: inout EventReading) {
        let group = root["output_index"]?.int ?? 0
        let part = (root["content_index"] ?? root["summary_index"] ?? root["command_index"])?.int
        if type.hasSuffix(".delta"), let delta = root["delta"], !type.hasSuffix("audio.delta") {
            let stem = String(type.dropLast(".delta".count))
            read(delta, stem, group, part ?? 0, &reading)
            reading.isOnlyText = !reading.deltas.isEmpty
        } else if type.hasSuffix(".done") {
            reading.ends = [part.map { .part(group: group, part: $0) } ?? .group(group)]
        } else if ["response.completed", "response.incomplete", "response.failed", "error"].contains(type) {
            reading.ends = [.all]
        }
    }

    /// A delta is a string, or an object with several.
    private static func read(
        _ delta: JSONView, _ stem: String, _ group: Int, _ part: Int, _ reading: inout EventReading
    ) {
        var channel = Channel(writer: .assistant, key: stem, group: group, part: part)
        channel.isJSON = stem.hasSuffix("call_arguments")
        if stem.hasSuffix("_output_content") {
            channel.writer = .tool
            channel.isUntrusted = true
        }
        if delta.kind == .string {
            reading.deltas.append(.init(channel: channel, view: delta, path: [.member("delta")]))
        }
        for member in delta.members where member.value.kind == .string && DeltaNames.isText(member.key) {
            channel.key = "\(stem).\(member.key)"
            reading.deltas.append(
                .init(channel: channel, view: member.value, path: [.member("delta"), .member(member.key)]))
        }
    }
}

/// Chunks of a chat completion: every text below a choice's `delta` is a piece.
enum ChatEvents {
    static func read(_ root: JSONView, _ reading: inout EventReading) {
        guard let choices = root["choices"], choices.kind == .array else {
            if root["error"]?.kind == .object { reading.ends = [.all] }
            return
        }
        for (place, choice) in choices.elements.enumerated() {
            let index = choice["index"]?.int ?? place
            if let delta = choice["delta"] {
                let channel = Channel(writer: .assistant, key: "", group: index)
                collect(delta, channel, [.member("delta")], &reading)
            }
            if choice["finish_reason"]?.kind == .string { reading.ends.append(.group(index)) }
        }
        reading.isOnlyText = isOnlyText(root, choices, reading.deltas.count)
    }

    private static func collect(
        _ view: JSONView, _ channel: Channel, _ path: [EventReading.Step], _ reading: inout EventReading
    ) {
        var channel = channel
        if let index = view["index"]?.int { channel.part = index }
        for (place, element) in view.elements.enumerated() where element.kind == .object {
            channel.part = element["index"]?.int ?? place
            collect(element, channel, path + [.element(index: channel.part)], &reading)
        }
        for member in view.members {
            let (name, value) = (member.key, member.value)
            guard DeltaNames.isText(name) else { continue }
            switch value.kind {
            case .string:
                // A tool's name comes whole, with its first piece.
                if name == "name" { continue }
                var own = channel
                own.key = path.count > 2 || view["index"] != nil ? "\(pathName(path)).\(name)" : name
                own.isJSON = name == "arguments"
                reading.deltas.append(.init(channel: own, view: value, path: path + [.member(name)]))
            case .object, .array: collect(value, channel, path + [.member(name)], &reading)
            default: break
            }
        }
    }

    private static func pathName(_ path: [EventReading.Step]) -> String {
        path.compactMap { if case .member(let name) = $0 { name } else { nil } }.dropFirst().joined(separator: ".")
    }

    /// One choice with one piece of text, and nothing else that a client would miss.
    private static func isOnlyText(_ root: JSONView, _ choices: JSONView, _ deltas: Int) -> Bool {
        guard deltas == 1, choices.count == 1, let choice = choices[0] else { return false }
        for name in ["usage", "error", "moderation", "citations"] where root[name].map({ !$0.isNull }) == true {
            return false
        }
        for member in choice.members where !["index", "delta", "logprobs"].contains(member.key) {
            if !member.value.isNull { return false }
        }
        return choice["delta"].map(holdsOnePath) ?? false
    }

    private static func holdsOnePath(_ view: JSONView) -> Bool {
        switch view.kind {
        case .object:
            let members = view.members.filter { $0.key != "index" && !$0.value.isNull }
            return members.count == 1 && members.allSatisfy { holdsOnePath($0.value) }
        case .array: return view.count == 1 && view.elements.allSatisfy(holdsOnePath)
        default: return true
        }
    }
}

/// Which members of a delta are pieces of text.
enum DeltaNames {
    /// Words, sealed bytes and whole objects are not; a name that is unknown is.
    static func isText(_ name: String) -> Bool {
        switch Vocabulary.rules[name] {
        case .token, .reference, .sealed, .payload: false
        case .text: name != "annotations" && name != "citation" && name != "citations"
        default: true
        }
    }
}
