import Core
import Intent
import JSON

/// What must hold of any text that is said in a conversation: it is made something of in bounded time, nothing that changes
/// anything is done without a clear yes, and what the conversation is at reads back as it was. Line feeds part the texts.
/// libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConversation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    var conversation = Conversation(id: "cnv_fuzz")
    for part in bytes.split(separator: 0x0A).prefix(20) {
        hear(PlainText.block(String(decoding: part, as: UTF8.self), limit: 4096), &conversation)
    }
    return 0
}

private let now = Timestamp(seconds: 1_800_000_000)
private let names = Names(
    [
        Gazetteer("repository", values: ["/srv/shop", "payments-api"]),
        Gazetteer("workflow", values: ["assess-and-fix"]),
    ],
    now: now)
private let catalogue = Catalogue(
    [
        intent("look", ["show {severity} findings of {repository}", "what changed {time}", "look for {text}"], .read),
        intent("tell", ["tell {repository} that {text}", "send {number} to {workflow}"], .change),
        ConversationIntent(
            name: "undo", title: "Take back", phrases: ["undo that", "undo {action}"], sayings: [], reflex: .undo,
            slots: [SlotNeed(name: "action", kind: .action, question: "Which?", source: .lastAction)]),
    ], outOfScope: [])
private let phrasebook = Phrasebook(catalogue)

private func intent(_ name: String, _ phrases: [String], _ effect: Effect) -> ConversationIntent {
    let kinds: [SlotKind] = [.severity, .repository, .time, .text, .number, .workflow]
    let members = JSONObject(kinds.map { ($0.rawValue, .string("{\($0.rawValue)}")) })
    return ConversationIntent(
        name: name, title: "Do \(name)", phrases: phrases, sayings: phrases,
        call: ToolCall(
            tool: "fuzz.\(effect.rawValue)", target: ArgumentTemplate("to:{repository}"),
            arguments: ArgumentTemplate(.object(members))),
        slots: kinds.map { SlotNeed(name: $0.rawValue, kind: $0, isRequired: $0 == .repository, question: "Which?") })
}

private func hear(_ text: String, _ conversation: inout Conversation) {
    require(text.utf8.count <= 4096, "a text is bounded")
    require(!text.utf8.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 }, "control characters are out")
    let found = Phrasebook.sure(phrasebook.matches(Wording(text), names))
    _ = ModelText(names).normalised(text)
    let before = conversation.waiting
    let turn = conversation.hear(
        Hearing(
            text: text,
            understanding: Understanding(intent: found?.intent, slots: found?.match.slots ?? [:], confidence: 1),
            catalogue: catalogue, names: names, now: now,
            effect: { deed in
                guard case .submit(let tool, _, _) = deed.work else { return .change }
                return tool == "fuzz.read" ? .read : .change
            }))
    if case .does(let deed) = turn.outcome, case .submit("fuzz.change", _, _) = deed.work {
        guard case .consent(let plan) = before else { return require(false, "a change had no plan") }
        require(Consent(text) == .yes && plan.deed.key == deed.key, "a change had a clear yes to its plan")
    }
    require(Conversation(json: conversation.json) == conversation, "a conversation reads as it was written")
    conversation.doing = nil
}

private func require(_ holds: Bool, _ promise: String) {
    precondition(holds, promise)
}
