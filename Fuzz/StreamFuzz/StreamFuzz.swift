import Dialects
import Web

/// What must hold of any stream, on each surface. libFuzzer calls this; a broken promise ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStream(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    // The last two bytes choose the surface and where the stream is cut.
    let (surface, cut) = (bytes.popLast() ?? 0, Int(bytes.popLast() ?? 0))
    let surfaces = Surface.allCases
    check(bytes, surfaces[Int(surface) % surfaces.count], cut: bytes.isEmpty ? 0 : cut % bytes.count)
    return 0
}

private func check(_ bytes: [UInt8], _ surface: Surface, cut: Int) {
    var parser = EventParser()
    if let events = try? parser.push(bytes) + parser.finish() {
        require(events.flatMap(\.raw) == bytes, "events are the stream as it came")
    }
    let pieces = [[UInt8](bytes[..<cut]), [UInt8](bytes[cut...])]
    for holds in [false, true] {
        let whole = rewritten([bytes], surface, holds: holds)
        require(whole == rewritten(pieces, surface, holds: holds), "how a stream is split shows nowhere")
        guard let whole else { continue }
        require(rewritten([whole], surface, holds: holds) != nil, "what is sent on can be read again")
    }
    if surface == .openAITranscriptions { return checkForm(bytes) }
    for body in [bytes, [UInt8](bytes.dropFirst(6))] {
        if let request = try? ModelRequest(body, surface: surface) {
            let same = try? request.rewritten(texts: request.positions.map { ($0, $0.text) })
            require(same == body, "texts replaced by themselves change nothing")
        }
    }
}

private func checkForm(_ bytes: [UInt8]) {
    let type = "multipart/form-data; boundary=b"
    guard let request = try? ModelRequest(bytes, surface: .openAITranscriptions, contentType: type) else { return }
    guard let written = try? request.rewritten(),
        let again = try? ModelRequest(written, surface: .openAITranscriptions, contentType: request.contentType)
    else { fatalError("broken: a form that was read is written so that it can be read") }
    require(again.bytes == request.bytes, "a form that is written says what it said")
}

private func rewritten(_ pieces: [[UInt8]], _ surface: Surface, holds: Bool) -> [UInt8]? {
    var rewriter = StreamRewriter(AnswerStream(surface: surface), signedText: .strip) { _ in Shifting(holds: holds) }
    var out: [UInt8] = []
    do {
        for piece in pieces { out += try rewriter.push(piece) }
        return out + (try rewriter.finish())
    } catch {
        return nil
    }
}

/// Replaces `a` by `[é]`; holds back all, or the last byte, to the end.
private struct Shifting: TextTransform {
    let holds: Bool
    var held: [UInt8] = []

    init(holds: Bool) { self.holds = holds }

    mutating func push(_ text: [UInt8]) -> [UInt8] {
        for byte in text { held += byte == UInt8(ascii: "a") ? [UInt8]("[é]".utf8) : [byte] }
        let out = [UInt8](held.prefix(holds ? 0 : max(held.count - 1, 0)))
        held.removeFirst(out.count)
        return out
    }

    mutating func finish() -> [UInt8] { held }
}

private func require(_ condition: Bool, _ promise: StaticString) {
    guard condition else { fatalError("broken: \(promise)") }
}
