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

private func isPlain(_ id: String) -> Bool {
    (1...IntakeLimits.id).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    guard condition else { fatalError("broken: \(promise)") }
}
