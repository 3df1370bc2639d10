import JSON
import Web

/// What the events of one channel have in common byte for byte, so that the next of them need not be read as JSON.
///
/// It is made from an event that was read whole and that says one piece of text and nothing else. An event with the
/// same bytes around its piece says the same: its lines, its members and its channel are in those bytes. What differs
/// from event to event and is never looked at (numbers that count, padding) is held to its form only.
struct EventShape {
    private enum Part {
        /// These of ``bytes``.
        case same(Range<Int>)
        /// Digits; letters and digits of a word of the format; spaces, also none.
        case number, word, spaces
        /// The piece of text with its quotes.
        case text
    }

    let channel: Channel
    /// As in ``EventReading``.
    let isOnlyText: Bool
    private let bytes: [UInt8]
    private let parts: [Part]

    /// Nil when the event says more than its piece of text, or stands in lines that are not one event's alone.
    init?(_ event: StreamEvent, _ reading: EventReading) {
        guard event.isComplete, event.dataLines.count == 1, event.asides.isEmpty, let line = event.dataLines.first,
            // The stream's first event may begin with a byte order mark, which no other may.
            event.raw[0] < 0x80,
            let document = reading.document, reading.deltas.count == 1, let delta = reading.deltas.first,
            reading.wholes.isEmpty, reading.ends.isEmpty, reading.signatureOf == nil, !reading.saysMore,
            Logprobs.emptied(in: document.root).allSatisfy({ $0.bytes.elementsEqual(document.bytes[$0.range]) })
        else { return nil }
        channel = delta.channel
        isOnlyText = reading.isOnlyText
        bytes = event.raw
        var holes = Self.holes(in: document.root)
        holes.append((delta.view.raw, .text))
        var parts: [Part] = []
        var end = 0
        for hole in holes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            parts += [.same(end..<line.lowerBound + hole.range.lowerBound), hole.part]
            end = line.lowerBound + hole.range.upperBound
        }
        self.parts = parts + [.same(end..<bytes.count)]
    }

    private static func holes(in root: JSONView) -> [(range: Range<Int>, part: Part)] {
        var holes: [(range: Range<Int>, part: Part)] = []
        for member in root.members {
            switch (member.key, member.value.kind) {
            case ("sequence_number", .number), ("created", .number): holes.append((member.value.raw, .number))
            case ("obfuscation", .string): holes.append((member.value.raw, .word))
            default: break
            }
        }
        let body = root.rawBytes.dropLast()
        let padding = body.reversed().prefix { $0 == UInt8(ascii: " ") }.count
        holes.append((body.endIndex - padding..<body.endIndex, .spaces))
        return holes
    }

    /// Where an event of this shape has its piece of text, with the quotes; nil for any other event.
    func place(in raw: [UInt8]) -> Range<Int>? {
        raw.withUnsafeBufferPointer { raw in
            var at = 0
            var place: Range<Int>?
            for part in parts {
                let rest = UnsafeBufferPointer(rebasing: raw[at...])
                let length: Int?
                switch part {
                case .same(let own): length = isStart(own, of: rest) ? own.count : nil
                case .number: length = Self.lengthOfNumber(rest)
                case .word: length = Self.lengthOfWord(rest)
                case .spaces: length = rest.prefix { $0 == UInt8(ascii: " ") }.count
                case .text:
                    length = Self.lengthOfString(rest)
                    place = length.map { at..<at + $0 }
                }
                guard let length else { return nil }
                at += length
            }
            return at == raw.count ? place : nil
        }
    }

    /// What the string says; nil when it is not well-formed, which shows in reading the event whole.
    static func text(_ string: ArraySlice<UInt8>) -> [UInt8]? {
        let content = string.dropFirst().dropLast()
        if content.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) { return [UInt8](content) }
        return (try? JSONDocument([UInt8](string)))?.root.withUTF8 { [UInt8]($0) }
    }

    private func isStart(_ own: Range<Int>, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard own.count <= text.count else { return false }
        return bytes.withUnsafeBytes { bytes in
            let text = UnsafeRawBufferPointer(text)
            var at = 0
            while own.count - at >= 8 {
                let word = bytes.loadUnaligned(fromByteOffset: own.lowerBound + at, as: UInt64.self)
                guard text.loadUnaligned(fromByteOffset: at, as: UInt64.self) == word else { return false }
                at += 8
            }
            while at < own.count, text[at] == bytes[own.lowerBound + at] { at += 1 }
            return at == own.count
        }
    }

    /// Of an integer as every reader takes it.
    private static func lengthOfNumber(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let digits = text.prefix(16).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
        guard digits > 0, digits < 16, digits == 1 || text[0] != UInt8(ascii: "0") else { return nil }
        return digits
    }

    private static func lengthOfWord(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let length = lengthOfString(text),
            TokenShape.matches(UnsafeBufferPointer(rebasing: text[1..<length - 1]))
        else { return nil }
        return length
    }

    /// Up to the quote that closes the string; nil when no line of JSON has such a string.
    private static func lengthOfString(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        var at = 1
        while at < text.count, text[at] >= 0x20 {
            if text[at] == UInt8(ascii: "\"") { return at + 1 }
            at += text[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }
}
