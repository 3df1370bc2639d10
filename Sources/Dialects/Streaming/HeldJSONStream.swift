import JSON

/// Rewrites the strings, keys and long numbers of JSON that comes in pieces, and leaves everything else as it came.
/// Strings that a transform does not change keep the escapes they were spelled with. What turns out not to be JSON
/// (models write such) is one text from there on.
struct HeldJSONStream<Transform: TextTransform> {
    private enum Mode {
        case structure
        case string(Transform, SpelledText)
        case plain(Transform)
    }

    /// Makes the transform for a text under the member of this name.
    private let make: (_ key: String) throws -> Transform
    private var mode = Mode.structure
    /// A number or a word that has not ended.
    private var bare: [UInt8] = []
    private var escape = EscapeReader()
    /// The string that ended last: a key, when a colon follows.
    private var last: [UInt8] = []
    private var key = ""
    private static var longestBare: Int { 64 }
    private static var longestKey: Int { 128 }

    init(make: @escaping (_ key: String) throws -> Transform) { self.make = make }

    mutating func push(_ bytes: [UInt8]) throws -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            switch mode {
            case .structure: rest = try structure(rest, &out)
            case .string(var transform, var spelled):
                mode = .structure
                if let after = try string(rest, &transform, &spelled, &out) {
                    rest = after
                } else {
                    mode = .string(transform, spelled)
                    return out
                }
            case .plain(var transform):
                mode = .structure
                out += try transform.push([UInt8](rest))
                mode = .plain(transform)
                return out
            }
        }
        return out
    }

    mutating func finish() throws -> [UInt8] {
        var out: [UInt8] = []
        if case .structure = mode { try endBare(&out) }
        switch mode {
        case .structure: break
        case .string(var transform, var spelled):
            out += spelled.spell(try transform.finish(), isEnd: true)
            out += escape.pending
        case .plain(var transform): out += try transform.finish()
        }
        mode = .structure
        return out
    }

    private mutating func structure(_ bytes: ArraySlice<UInt8>, _ out: inout [UInt8]) throws -> ArraySlice<UInt8> {
        var rest = bytes
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                try endBare(&out)
                guard case .structure = mode else { return rest }
                rest = rest.dropFirst()
                out.append(byte)
                if byte == UInt8(ascii: ":") { key = String(decoding: last, as: UTF8.self) }
                if byte == UInt8(ascii: "\"") {
                    last = []
                    mode = .string(try make(key), SpelledText())
                    return rest
                }
            default:
                bare.append(byte)
                rest = rest.dropFirst()
                if bare.count > Self.longestBare {
                    try becomePlain(&out)
                    return rest
                }
            }
        }
        return rest
    }

    private mutating func endBare(_ out: inout [UInt8]) throws {
        guard !bare.isEmpty else { return }
        let digits = bare.reduce(0) { $0 + ($1 >= 0x30 && $1 <= 0x39 ? 1 : 0) }
        let spelling = String(decoding: bare, as: UTF8.self)
        if ["true", "false", "null"].contains(spelling) {
            out += bare
        } else if JSONNumber(spelling: spelling) != nil {
            out += digits > 6 ? try number(bare) : bare
        } else {
            return try becomePlain(&out)
        }
        bare = []
    }

    private func number(_ spelled: [UInt8]) throws -> [UInt8] {
        var transform = try make(key)
        let text = try transform.whole(spelled)
        if text == spelled || JSONNumber(spelling: String(decoding: text, as: UTF8.self)) != nil { return text }
        return TextRewriting.quoted(text)
    }

    private mutating func becomePlain(_ out: inout [UInt8]) throws {
        var transform = try make(key)
        out += try transform.push(bare)
        bare = []
        mode = .plain(transform)
    }

    /// Reads up to the string's end; nil when the bytes end before it does.
    private mutating func string(
        _ bytes: ArraySlice<UInt8>, _ transform: inout Transform, _ spelled: inout SpelledText, _ out: inout [UInt8]
    ) throws -> ArraySlice<UInt8>? {
        var text: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            if !escape.isOpen, byte == UInt8(ascii: "\"") {
                remember(text)
                out += spelled.spell(try transform.push(text), isEnd: false)
                out += spelled.spell(try transform.finish(), isEnd: true)
                out.append(byte)
                return rest.dropFirst()
            }
            rest = rest.dropFirst()
            if escape.isOpen || byte == UInt8(ascii: "\\") {
                guard let (character, raw) = escape.push(byte) else { continue }
                text += character
                spelled.read(character, spelledAs: raw)
            } else {
                text.append(byte)
                spelled.read(byte)
            }
        }
        remember(text)
        if !text.isEmpty { out += spelled.spell(try transform.push(text), isEnd: false) }
        return nil
    }

    private mutating func remember(_ text: [UInt8]) {
        if last.count < Self.longestKey { last += text.prefix(Self.longestKey - last.count) }
    }
}

/// A backslash escape that comes in pieces (RFC 8259, section 7); a surrogate pair is one escape.
struct EscapeReader {
    private(set) var pending: [UInt8] = []

    var isOpen: Bool { !pending.isEmpty }

    /// The character and the bytes that spelled it, once it is complete.
    mutating func push(_ byte: UInt8) -> (character: [UInt8], raw: [UInt8])? {
        pending.append(byte)
        guard pending.count > 1 else { return nil }
        if pending[1] != UInt8(ascii: "u") { return complete() }
        if pending.count == 6, isHighSurrogate { return nil }
        // After a high surrogate only a second `\u` goes on.
        if pending.count == 7, byte != UInt8(ascii: "\\") { return complete() }
        if pending.count == 8, byte != UInt8(ascii: "u") { return complete() }
        return pending.count == 6 || pending.count == 12 ? complete() : nil
    }

    private var isHighSurrogate: Bool {
        let digits = String(decoding: pending[2..<6], as: UTF8.self)
        return UInt32(digits, radix: 16).map { $0 & 0xFC00 == 0xD800 } ?? false
    }

    /// An escape that JSON does not have stands for what it is spelled with, so that its text is inspected.
    private mutating func complete() -> ([UInt8], [UInt8]) {
        defer { pending = [] }
        let quoted = [UInt8(ascii: "\"")] + pending + [UInt8(ascii: "\"")]
        let read = (try? JSONDocument(quoted))?.root.withUTF8 { [UInt8]($0) }
        return (read ?? pending, pending)
    }
}

/// Spells what a transform gives out as it was spelled before, as long as it is what was read.
struct SpelledText {
    /// Read, and not yet given out.
    private var text: [UInt8] = []
    /// Escapes in `text`: where their characters stand, and how they were spelled.
    private var escapes: [(place: Range<Int>, raw: [UInt8])] = []
    private var isChanged = false
    private var characters = WholeCharacters()

    mutating func read(_ byte: UInt8) {
        if !isChanged { text.append(byte) }
    }

    mutating func read(_ character: [UInt8], spelledAs raw: [UInt8]) {
        guard !isChanged else { return }
        escapes.append((text.count..<text.count + character.count, raw))
        text += character
    }

    mutating func spell(_ out: [UInt8], isEnd: Bool) -> [UInt8] {
        var out = characters.push(out)
        if isEnd { out += characters.finish() }
        guard !isChanged, text.starts(with: out) else {
            isChanged = isChanged || !out.isEmpty
            return out.isEmpty ? [] : [UInt8](TextRewriting.quoted(out).dropFirst().dropLast())
        }
        let raw = spelling(ofFirst: out.count)
        text.removeFirst(out.count)
        return raw
    }

    private mutating func spelling(ofFirst count: Int) -> [UInt8] {
        guard !escapes.isEmpty else { return [UInt8](text[..<count]) }
        var raw: [UInt8] = []
        var copied = 0
        while let escape = escapes.first, escape.place.upperBound <= count {
            raw += text[copied..<escape.place.lowerBound] + escape.raw
            copied = escape.place.upperBound
            escapes.removeFirst()
        }
        raw += text[copied..<count]
        for index in escapes.indices {
            let place = escapes[index].place
            escapes[index].place = place.lowerBound - count..<place.upperBound - count
        }
        return raw
    }
}
