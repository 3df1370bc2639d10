public import Core
import JSON
public import Web

/// A provider's stream in the dialect of the client, event by event. What it gives is then inspected as any stream of
/// the client's surface is.
public struct StreamConversion: Sendable {
    private enum Way {
        case chunks(ChunkWriter)
        case blocks(BlockWriter)
    }

    private var parser: EventParser
    private var way: Way

    /// `created` is Unix time in seconds, which messages do not tell.
    public init(_ direction: DialectConversion.Direction, created: Int, limits: EventParser.Limits = .init()) {
        parser = EventParser(limits: limits)
        switch direction {
        case .chatToMessages: way = .chunks(ChunkWriter(created: created))
        case .messagesToChat: way = .blocks(BlockWriter())
        }
    }

    /// Throws `unavailable`, `too_large`, or `unsupported` for what cannot be carried over.
    public mutating func push(_ bytes: some Collection<UInt8>) throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        for event in try parser.push(bytes) { try convert(event, &out) }
        return out
    }

    /// A stream that broke off stays so: no end is made up for it.
    public mutating func finish() throws(GatehouseError) -> [UInt8] {
        var out: [UInt8] = []
        for event in try parser.finish() { try convert(event, &out) }
        return out
    }

    private mutating func convert(_ event: StreamEvent, _ out: inout [UInt8]) throws(GatehouseError) {
        let data = event.data
        guard data.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        let isDone = data.elementsEqual("[DONE]".utf8)
        let document = isDone ? nil : try? JSONDocument(data)
        guard isDone || document?.root.kind == .object else { throw AnswerStream.unreadable("is not a JSON object") }
        switch way {
        case .chunks(var writer):
            if let document { try writer.read(document.root, &out) }
            way = .chunks(writer)
        case .blocks(var writer):
            if let document { try writer.read(document.root, &out) } else { writer.end(&out) }
            way = .blocks(writer)
        }
    }
}

/// Events of a message as chunks of a chat completion.
private struct ChunkWriter {
    let created: Int
    private var id: JSON = ""
    private var model: JSON = ""
    private var usage = TokenUsage()
    /// Which tool call a block is.
    private var calls: [Int: Int] = [:]

    init(created: Int) { self.created = created }

    mutating func read(_ event: JSONView, _ out: inout [UInt8]) throws(GatehouseError) {
        if let told = UsageReading.usage(in: event) { usage = usage.merged(with: told) }
        switch event["type"]?.string {
        case "message_start":
            id = event["message"]?["id"]?.value ?? ""
            model = event["message"]?["model"]?.value ?? ""
            write(["role": "assistant", "content": ""], &out)
        case "content_block_start": try begin(event, &out)
        case "content_block_delta": try piece(event, &out)
        case "message_delta":
            guard let reason = event["delta"]?["stop_reason"]?.string else { return }
            write([:], finish: .string(AnswerConversion.finishReason(reason)), &out)
        case "message_stop":
            send(chunk([], usage: AnswerConversion.chatUsage(usage)), &out)
            out += "data: [DONE]\n\n".utf8
        case "error":
            let error = event["error"]
            send(
                [
                    "error": [
                        "message": error?["message"]?.value ?? "", "type": error?["type"]?.value ?? "server_error",
                        "code": .null, "param": .null,
                    ]
                ], &out)
        default: break
        }
    }

    private mutating func begin(_ event: JSONView, _ out: inout [UInt8]) throws(GatehouseError) {
        guard let block = event["content_block"] else { return }
        switch block["type"]?.string {
        case "text":
            if let text = block["text"]?.string, !text.isEmpty { write(["content": .string(text)], &out) }
        case "thinking", "redacted_thinking": break
        case "tool_use":
            let call = calls.count
            calls[event["index"]?.int ?? 0] = call
            write(
                [
                    "tool_calls": [
                        [
                            "index": JSON(call), "id": block["id"]?.value ?? "", "type": "function",
                            "function": ["name": block["name"]?.value ?? "", "arguments": ""],
                        ]
                    ]
                ], &out)
        default: throw DialectConversion.refusal("/content_block/type of the answer")
        }
    }

    private func piece(_ event: JSONView, _ out: inout [UInt8]) throws(GatehouseError) {
        guard let delta = event["delta"] else { return }
        switch delta["type"]?.string {
        case "text_delta": write(["content": delta["text"]?.value ?? ""], &out)
        case "thinking_delta": write(["reasoning_content": delta["thinking"]?.value ?? ""], &out)
        case "signature_delta": break
        case "input_json_delta":
            guard let call = calls[event["index"]?.int ?? 0] else {
                throw AnswerStream.unreadable("goes on with a tool call that did not begin")
            }
            let function: JSON = ["arguments": delta["partial_json"]?.value ?? ""]
            write(["tool_calls": [["index": JSON(call), "function": function]]], &out)
        default: throw DialectConversion.refusal("/delta/type of the answer")
        }
    }

    private func write(_ delta: JSON, finish: JSON = .null, _ out: inout [UInt8]) {
        send(chunk([["index": 0, "delta": delta, "logprobs": .null, "finish_reason": finish]], usage: .null), &out)
    }

    private func chunk(_ choices: JSON, usage: JSON) -> JSON {
        [
            "id": id, "object": "chat.completion.chunk", "created": JSON(created), "model": model,
            "choices": choices, "usage": usage,
        ]
    }

    private func send(_ value: JSON, _ out: inout [UInt8]) {
        out += "data: ".utf8
        out += value.bytes()
        out += "\n\n".utf8
    }
}

/// Chunks of a chat completion as events of a message. Reasoning is left out: a thinking block without a signature is
/// none that a provider would take back.
private struct BlockWriter {
    private enum Block: Equatable {
        case text
        case call(Int)
    }

    private var isStarted = false
    private var open: Block?
    private var blocks = 0
    private var lastCall = -1
    private var stopReason: String?
    private var usage = TokenUsage()
    private var isEnded = false

    mutating func read(_ chunk: JSONView, _ out: inout [UInt8]) throws(GatehouseError) {
        if let error = chunk["error"], error.kind == .object {
            let type = error["type"]?.value ?? "api_error"
            send("error", ["error": ["type": type, "message": error["message"]?.value ?? ""]], &out)
            isEnded = true
            return
        }
        start(chunk, &out)
        if let told = UsageReading.usage(in: chunk) { usage = usage.merged(with: told) }
        guard let choice = chunk["choices"]?[0] else { return }
        guard choice["index"]?.int ?? 0 == 0 else { throw DialectConversion.refusal("a second choice of the answer") }
        if let delta = choice["delta"] {
            for name in ["content", "refusal"] {
                if let text = delta[name], text.kind == .string, text.raw.count > 2 { self.text(text, &out) }
            }
            for call in delta["tool_calls"].map({ Array($0.elements) }) ?? [] { try self.call(call, &out) }
        }
        if let reason = choice["finish_reason"]?.string {
            stopReason = AnswerConversion.stopReason(reason)
            close(&out)
        }
    }

    mutating func end(_ out: inout [UInt8]) {
        guard isStarted, !isEnded else { return }
        isEnded = true
        close(&out)
        let delta: JSON = ["stop_reason": stopReason.map { .string($0) } ?? .null, "stop_sequence": .null]
        send("message_delta", ["delta": delta, "usage": AnswerConversion.messageUsage(usage)], &out)
        send("message_stop", [:], &out)
    }

    private mutating func start(_ chunk: JSONView, _ out: inout [UInt8]) {
        guard !isStarted else { return }
        isStarted = true
        send(
            "message_start",
            [
                "message": [
                    "id": chunk["id"]?.value ?? "", "type": "message", "role": "assistant", "content": [],
                    "model": chunk["model"]?.value ?? "", "stop_reason": .null, "stop_sequence": .null,
                    "usage": ["input_tokens": 0, "output_tokens": 0],
                ]
            ], &out)
    }

    private mutating func text(_ text: JSONView, _ out: inout [UInt8]) {
        begin(.text, ["type": "text", "text": ""], &out)
        piece(["type": "text_delta", "text": text.value], &out)
    }

    private mutating func call(_ call: JSONView, _ out: inout [UInt8]) throws(GatehouseError) {
        let index = call["index"]?.int ?? 0
        if open != .call(index) {
            // Blocks follow one another; a call that was left cannot be taken up again.
            guard index > lastCall else { throw DialectConversion.refusal("tool calls of the answer that take turns") }
            lastCall = index
            let name = call["function"]?["name"]?.value ?? ""
            begin(
                .call(index), ["type": "tool_use", "id": call["id"]?.value ?? "", "name": name, "input": [:]], &out)
        }
        if let arguments = call["function"]?["arguments"], arguments.kind == .string, arguments.raw.count > 2 {
            piece(["type": "input_json_delta", "partial_json": arguments.value], &out)
        }
    }

    private mutating func begin(_ block: Block, _ content: JSON, _ out: inout [UInt8]) {
        guard open != block else { return }
        close(&out)
        open = block
        send("content_block_start", ["index": JSON(blocks), "content_block": content], &out)
    }

    private func piece(_ delta: JSON, _ out: inout [UInt8]) {
        send("content_block_delta", ["index": JSON(blocks), "delta": delta], &out)
    }

    private mutating func close(_ out: inout [UInt8]) {
        guard open != nil else { return }
        open = nil
        send("content_block_stop", ["index": JSON(blocks)], &out)
        blocks += 1
    }

    private func send(_ type: String, _ members: JSONObject, _ out: inout [UInt8]) {
        var event: JSONObject = ["type": .string(type)]
        for (key, value) in members { event[key] = value }
        out += "event: \(type)\ndata: ".utf8
        out += JSON.object(event).bytes()
        out += "\n\n".utf8
    }
}
