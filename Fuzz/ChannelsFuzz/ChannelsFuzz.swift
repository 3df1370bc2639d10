import Core
import JSON
import Web

/// What must hold of any bytes that come to a channel. libFuzzer calls this; a broken promise ends the process, which it
/// reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChannels(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    checkRequests(bytes)
    checkTexts(text)
    checkWords(text)
    checkCalls(bytes, text)
    return 0
}

/// Whatever is taken has ids that can be kept and shown.
private func checkRequests(_ bytes: [UInt8]) {
    if case .said(let heard)? = try? SlackEvent.read(bytes) { check(heard) }
    if case .challenge(let text)? = try? SlackEvent.read(bytes) {
        require(text.utf8.count <= 4096, "a challenge is short")
    }
    if let heard = try? TeamsActivity.read(bytes, at: Timestamp(seconds: 1_800_000_000)) { check(heard) }
    if let heard = try? GenericMessage.read(bytes) { check(heard) }
    if let press = try? SlackPress.read(bytes) {
        for id in [press.user, press.code, press.room] { require(isPlain(id), "an id is printable") }
    }
    if let value = FormBody.value("payload", in: bytes) {
        require(value.count <= bytes.count, "a form decodes to no more than it is")
    }
}

private func check(_ heard: Heard) {
    for id in [heard.user, heard.room] where !id.isEmpty { require(isPlain(id), "an id is printable") }
    require(!heard.user.isEmpty && !heard.id.isEmpty, "somebody said it")
}

/// What goes out calls nobody, and comes back as it was.
private func checkTexts(_ text: String) {
    let escaped = SlackMarkup.escape(text)
    require(!escaped.utf8.contains { $0 == 0x3C || $0 == 0x3E }, "nothing is a mention")
    let plain = String(text.drop { $0 == " " || $0 == "\n" })
    require(SlackText.typed(escaped, to: [], dropsFirstMention: false) == plain, "escapes are undone once")
    require(SlackMarkup.escape(text, limit: 100).unicodeScalars.count <= 100, "a cut is a cut")
    _ = SlackText.typed(text, to: ["U1"], dropsFirstMention: true)
    require(MarkupText.plain(text).utf8.count <= text.utf8.count, "markup gives no more than it has")
}

private func checkWords(_ text: String) {
    if let verdict = TypedVerdict(text) { require(ChatCode.isCode(verdict.code), "a verdict has a code") }
    if let parts = SignatureParts.read(text) { require(parts.code.count <= 100, "a signature is short") }
    _ = SignedTime.isNear(text, to: Timestamp(seconds: 1_800_000_000))
}

/// What Twilio posts has each name once, and what it is told is a document with as many elements as were meant.
private func checkCalls(_ bytes: [UInt8], _ text: String) {
    if let form = TwilioForm(bytes) {
        require(form.signed.count < max(1, bytes.count), "a form decodes to less than it is")
        if let call = form["CallSid"], TwilioID.call.names(call) {
            require(call.utf8.count == 34 && isPlain(call), "an id is 34 letters and digits")
        }
    }
    if let place = CallPlace(text) { require(place.tail == text && place.step > 0, "a place has one spelling") }
    let verbs: [TwiML.Verb] = [
        .say(text), .gather(prompt: text, action: text), .pause(seconds: 1), .record(action: text), .redirect(text),
        .hangup,
    ]
    let document = TwiML(verbs: verbs, language: text).text
    var (depth, elements) = (0, 0)
    for tag in document.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false).dropFirst() {
        guard let end = tag.firstIndex(of: UInt8(ascii: ">")) else { return require(false, "a tag ends") }
        require(!tag[tag.index(after: end)...].contains(UInt8(ascii: ">")), "text has no end of a tag")
        require(tag[..<end].count { $0 == UInt8(ascii: "\"") }.isMultiple(of: 2), "attributes end")
        if tag.first == UInt8(ascii: "/") {
            depth -= 1
        } else if tag.first != UInt8(ascii: "?") {
            elements += 1
            depth += tag[..<end].last == UInt8(ascii: "/") ? 0 : 1
        }
        require(depth >= 0, "what closes was open")
    }
    require(depth == 0 && elements == 8, "there are as many elements as were meant")
    let entities = ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"]
    for piece in document.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).dropFirst() {
        require(entities.contains { piece.starts(with: $0.utf8.dropFirst()) }, "an ampersand begins an entity")
    }
    require(
        document.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{FFFE}" && $0 != "\u{FFFF}" },
        "all characters are ones that XML has")
}

private func isPlain(_ id: String) -> Bool {
    (1...IntakeLimits.id).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    guard condition else { fatalError("broken: \(promise)") }
}
