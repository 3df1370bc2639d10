import Intent

/// What must hold of any bytes given as a model, as a file of labelled texts, or as a text to tag. The first byte says
/// which. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIntent(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch kind {
    case UInt8(ascii: "M"): model(rest)
    case UInt8(ascii: "C"): table(rest)
    default: text(rest)
    }
    return 0
}

/// As it is, and with a checksum that holds, so that what lies behind it is reached.
private func model(_ bytes: [UInt8]) {
    _ = try? IntentModel(decoding: bytes)
    guard bytes.count >= 4 else { return }
    var signed = bytes
    sign(&signed)
    guard let model = try? IntentModel(decoding: signed) else { return }
    require(model.encode() == signed, "a model writes as it reads")
    let answer = model.classify("restart the checkout service")
    require(answer.ranked.count <= model.intents.count, "only intents of the model are ranked")
    for intent in model.intents { _ = model.evidence(for: intent, in: "restart the checkout service") }
}

private func table(_ bytes: [UInt8]) {
    guard let texts = try? LabelledTexts(csv: bytes) else { return }
    require(!texts.rows.isEmpty, "a file that is read has rows")
    var line = 0
    for row in texts.rows {
        require(row.line > line, "rows come in the order of their lines")
        require(!row.intent.isEmpty, "each row has an intent")
        line = row.line
    }
}

private let tagger = SlotTagger([
    Gazetteer("service", [Gazetteer.Entry("payment-api", aliases: ["payments backend"]), Gazetteer.Entry("checkout")]),
    Gazetteer("namespace", values: ["checkout", "kube-system"]),
])

private func text(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var end = 0
    for slot in tagger.slots(in: text) {
        require(slot.range.lowerBound >= end && !slot.range.isEmpty, "slots follow one another")
        require(slot.range.upperBound <= text.utf8.count, "a slot lies in its text")
        require(slot.confidence > 0 && slot.confidence <= 1, "confidence is a share")
        _ = slot.value.description
        end = slot.range.upperBound
    }
}

private func sign(_ bytes: inout [UInt8]) {
    var value = UInt32.max
    for byte in bytes.dropLast(4) {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: ~value >> (8 * UInt32(index))) }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    precondition(condition, "\(promise)")
}
