import Core
import JSON
import Web

@testable import Dialects

func utf8(_ text: String) -> [UInt8] { [UInt8](text.utf8) }
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// Gives out what it gets.
struct Identity: TextTransform {
    mutating func push(_ text: [UInt8]) -> [UInt8] { text }
    mutating func finish() -> [UInt8] { [] }
}

/// Gives out everything at the end.
struct HoldAll: TextTransform {
    var held: [UInt8] = []

    mutating func push(_ text: [UInt8]) -> [UInt8] {
        held += text
        return []
    }
    mutating func finish() -> [UInt8] { held }
}

/// Replaces one word, wherever it is cut, and holds back what may become it.
struct Replace: TextTransform {
    var word = utf8("alice@example.com")
    var other = utf8("[EMAIL]")
    private var held: [UInt8] = []

    init() {}
    init(_ word: String, _ other: String) { (self.word, self.other) = (utf8(word), utf8(other)) }

    mutating func push(_ text: [UInt8]) -> [UInt8] {
        held += text
        var out: [UInt8] = []
        while held.count >= word.count {
            if held.starts(with: word) {
                out += other
                held.removeFirst(word.count)
            } else {
                out.append(held.removeFirst())
            }
        }
        while !held.isEmpty, !word.starts(with: held) { out.append(held.removeFirst()) }
        return out
    }

    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}

struct Failing: TextTransform {
    struct Broken: Error {}

    mutating func push(_ text: [UInt8]) throws -> [UInt8] { throw Broken() }
    mutating func finish() throws -> [UInt8] { throw Broken() }
}

/// All that a stream becomes.
func rewritten<Transform: TextTransform>(
    _ pieces: [[UInt8]], _ surface: Surface, signed: StreamRewriter<Transform>.SignedText = .refuse,
    hidesUsage: Bool = false, with make: @escaping (Channel) throws -> Transform
) throws -> [UInt8] {
    var rewriter = StreamRewriter(
        AnswerStream(surface: surface, hidesUsage: hidesUsage), signedText: signed, transform: make)
    return try pieces.flatMap { try rewriter.push($0) } + rewriter.finish()
}

/// The data of a stream's events, `[DONE]` and comments left out.
func documents(_ stream: [UInt8]) throws -> [JSONDocument] {
    var parser = EventParser()
    return try (parser.push(stream) + parser.finish())
        .filter { event in event.data.contains { $0 != 0x20 && $0 != 0x09 } && text(event.data) != "[DONE]" }
        .map { try JSONDocument($0.data) }
}
