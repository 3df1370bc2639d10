import JSON

/// What must hold of any bytes. libFuzzer calls this; a broken promise ends the process, which it reports.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let limits = JSON.Limits(allowsDuplicateKeys: bytes.last == 0x0A)
    do {
        let document = try JSONDocument(bytes, limits: limits)
        try check(document, limits)
    } catch {
        require((0...count).contains(error.offset), "the error's place lies in the text")
        require((try? JSON.parse(bytes, limits: limits)) == nil, "both layers refuse the same bytes")
    }
    return 0
}

private func check(_ document: JSONDocument, _ limits: JSON.Limits) throws(JSONError) {
    let value = try parsed(document.bytes, limits)
    require(document.value == value, "both layers read the same value")
    require(try parsed(value.bytes()) == value, "what is written reads back")
    require(try parsed([UInt8](value.text(pretty: true).utf8)) == value, "what is written pretty reads back")
    let texts = document.strings.map { ($0, [UInt8]($0.rawBytes)) }
    require(document.replacing(texts) == document.bytes, "a value replaced by itself changes nothing")
    for text in document.strings {
        let copied = text.withUTF8 { [UInt8]($0) }
        require(copied == text.string.map { [UInt8]($0.utf8) }, "a text is the same lent or copied")
    }
    if let canonical = try? value.canonicalBytes() {
        let again = try parsed(canonical)
        require((try? again.canonicalBytes()) == canonical, "the canonical form is its own canonical form")
        require((try? again.canonicalBytes(keepsPrecision: true)) != nil, "the canonical form loses nothing more")
    }
}

private func parsed(_ bytes: [UInt8], _ limits: JSON.Limits = .default) throws(JSONError) -> JSON {
    try JSON.parse(bytes, limits: limits)
}

private func require(_ condition: @autoclosure () throws -> Bool, _ promise: StaticString) {
    guard (try? condition()) == true else { fatalError("broken: \(promise)") }
}
