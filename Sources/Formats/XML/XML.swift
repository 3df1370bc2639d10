/// An element of an XML 1.0 document: name, text and children, without attributes' and namespaces' meaning. Documents
/// with a document type are refused: entities of their own are what makes XML a bomb.
public struct XML: Sendable, Hashable {
    /// Without its prefix.
    public internal(set) var name: String
    /// Of the element itself, joined, white space at both ends taken off.
    public internal(set) var text = ""
    public internal(set) var children: [XML] = []
    /// Of its start tag, from 1.
    public internal(set) var line: Int

    public static let maximumDepth = 128
    public static let maximumElements = 500_000
    public static let maximumBytes = 64 << 20

    public func first(_ name: String) -> XML? { children.first { $0.name == name } }
    public func all(_ name: String) -> [XML] { children.filter { $0.name == name } }

    /// - Throws: the place of what is not well-formed, is too deep, or has a document type.
    public static func parse(_ bytes: [UInt8]) throws(TextError) -> XML {
        guard bytes.count <= maximumBytes else {
            throw TextError(line: 1, reason: "has more than \(maximumBytes) bytes")
        }
        var parser = XMLParser(bytes)
        return try parser.document()
    }
}

/// Goes over the bytes once, with the open elements on a stack.
struct XMLParser {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var open: [XML] = []
    private var texts: [[UInt8]] = []
    private var root: XML?
    private var count = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes }

    mutating func document() throws(TextError) -> XML {
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "<") { try markup() } else { try characters() }
        }
        guard open.isEmpty else { throw error("<\(open.last?.name.prefix(64) ?? "")> is not closed") }
        guard let root else { throw error("there is no element") }
        return root
    }

    private mutating func markup() throws(TextError) {
        if starts("<!--") { return try skip(past: "-->") }
        if starts("<?") { return try skip(past: "?>") }
        if starts("<![CDATA[") {
            let start = place + 9
            try skip(past: "]]>")
            return append(bytes[start..<place - 3])
        }
        if starts("<!") { throw error("has a document type, which is not read") }
        if starts("</") { return try close() }
        try element()
    }

    private mutating func element() throws(TextError) {
        let (start, first) = (line, place + 1)
        let end = try tagEnd()
        let isEmpty = end > first && bytes[end - 1] == UInt8(ascii: "/")
        let name = Self.name(bytes[first..<end])
        guard !name.isEmpty else { throw TextError(line: start, reason: "an element has no name") }
        count += 1
        guard count <= XML.maximumElements else { throw error("has more than \(XML.maximumElements) elements") }
        guard open.count < XML.maximumDepth else { throw error("is nested too deeply") }
        guard !open.isEmpty || root == nil else { throw error("there is a second root") }
        place = end + 1
        open.append(XML(name: name, line: start))
        texts.append([])
        if isEmpty { finish() }
    }

    private mutating func close() throws(TextError) {
        let first = place + 2
        let end = try tagEnd()
        let name = Self.name(bytes[first..<end])
        guard let last = open.last, last.name == name else { throw error("</\(name.prefix(64))> closes nothing") }
        place = end + 1
        finish()
    }

    private mutating func finish() {
        guard var element = open.popLast(), let text = texts.popLast() else { return }
        let span = text.span
        element.text = String(decoding: text[VersionBytes.trimmed(span)], as: UTF8.self)
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    /// The place of the `>` that ends the tag, past quoted values.
    private mutating func tagEnd() throws(TextError) -> Int {
        var (at, quote) = (place, UInt8(0))
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x0A { line += 1 }
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return at
            }
            at += 1
        }
        throw error("a tag is not closed")
    }

    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let whole = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        let colon = whole.lastIndex(of: UInt8(ascii: ":"))
        return String(decoding: colon.map { whole[($0 + 1)...] } ?? whole, as: UTF8.self)
    }

    private mutating func characters() throws(TextError) {
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
            if bytes[place] == 0x0A { line += 1 }
            if bytes[place] == UInt8(ascii: "&") {
                append(bytes[start..<place])
                return try entity()
            }
            place += 1
        }
        append(bytes[start..<place])
    }

    private mutating func entity() throws(TextError) {
        guard let end = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw error("an & begins no entity")
        }
        let name = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        let known = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]
        if let text = known[name] {
            append(Array(text.utf8)[...])
        } else {
            let isHex = name.hasPrefix("#x")
            guard name.hasPrefix("#"), let code = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
                let scalar = Unicode.Scalar(code)
            else { throw error("the entity &\(name); is not known") }
            append(Array(String(scalar).utf8)[...])
        }
        place = end + 1
    }

    private mutating func append(_ text: ArraySlice<UInt8>) {
        if !texts.isEmpty { texts[texts.count - 1] += text }
    }

    private func starts(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func skip(past mark: String) throws(TextError) {
        while place < bytes.count {
            if starts(mark) {
                place += mark.utf8.count
                return
            }
            if bytes[place] == 0x0A { line += 1 }
            place += 1
        }
        throw error("\(mark) is missing")
    }

    private func error(_ reason: String) -> TextError { TextError(line: line, reason: reason) }
}
