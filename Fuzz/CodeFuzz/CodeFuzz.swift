/// What must hold of any text that claims to be code: its analysis ends, and what it finds lies in it. The first byte says
/// which language it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCode(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    let languages = CodeLanguage.allCases
    let code = Array(bytes.dropFirst())
    guard let found = CodeAnalysis.flaws(in: code, languages[Int(first) % languages.count]) else { return 0 }
    for flaw in found.flaws {
        require(
            flaw.range.lowerBound <= flaw.range.upperBound && flaw.range.upperBound <= code.count,
            "a flaw lies in the file")
        require(flaw.trace.allSatisfy { $0.offset <= code.count }, "so does the way to it")
        require(flaw.hidden.map { $0.upperBound <= code.count } ?? true, "and what is hidden of it")
    }
    return 0
}

private func require(_ holds: Bool, _ promise: String) {
    guard holds else { fatalError("broken: \(promise)") }
}
