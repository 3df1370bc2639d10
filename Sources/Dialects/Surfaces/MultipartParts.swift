import Core

/// One part of a form.
struct MultipartPart {
    var name = ""
    var isFile = false
    var fileName = ""
    var mediaType = ""
    var content: ArraySlice<UInt8> = []
}

/// Reads the parts of a form one after the other, as strictly as it is written by every client: no preamble, line
/// breaks of two characters, no part in another encoding. What two readers could take for different things is refused.
struct MultipartParts {
    private let bytes: [UInt8]
    private let delimiter: [UInt8]
    private var place: Int?

    private static let greatestHead = 4096
    private static let end = [UInt8]("\r\n\r\n".utf8)

    init(_ bytes: [UInt8], boundary: [UInt8]) {
        self.bytes = bytes
        delimiter = [UInt8]("\r\n--".utf8) + boundary
        place = bytes.starts(with: delimiter.dropFirst(2)) ? boundary.count + 2 : nil
    }

    /// - Throws: `invalid` with the place in the body, in bytes.
    mutating func next() throws(GatehouseError) -> MultipartPart? {
        guard let place else { throw Self.broken("does not begin with its boundary", 0) }
        let rest = bytes[place...]
        if rest.starts(with: "--".utf8) {
            guard rest.dropFirst(2).allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else {
                throw Self.broken("goes on after its last boundary", place)
            }
            return nil
        }
        guard rest.starts(with: "\r\n".utf8) else { throw Self.broken("has a boundary that goes on", place) }
        let head = place + 2
        // A head begins where the line break after the boundary ended.
        let within = bytes[place..<min(bytes.count, head + Self.greatestHead)]
        guard let ended = ByteSearch.first(Self.end, in: within) else {
            throw Self.broken("has a part whose head is too long or has no end", head)
        }
        let start = ended + Self.end.count
        guard let stop = ByteSearch.first(delimiter, in: bytes[start...]) else {
            throw Self.broken("has a part without an end", start)
        }
        var part = try Self.part(bytes[min(head, ended)..<ended], at: head)
        part.content = bytes[start..<stop]
        self.place = stop + delimiter.count
        return part
    }

    private static func part(_ head: ArraySlice<UInt8>, at place: Int) throws(GatehouseError) -> MultipartPart {
        guard let text = String(validating: head, as: UTF8.self) else {
            throw broken("has a head that is not UTF-8", place)
        }
        var part = MultipartPart()
        var isNamed = false
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line.first != " ", line.first != "\t" else {
                throw broken("has a head that cannot be read", place)
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard !isNamed else { throw broken("has a part with two names", place) }
                isNamed = true
                try name(&part, value, place)
            case "content-type": part.mediaType = String(value)
            case "content-transfer-encoding":
                guard ["binary", "8bit", "7bit"].contains(value.lowercased()) else {
                    throw broken("has a part in another encoding", place)
                }
            default: break
            }
        }
        guard isNamed else { throw broken("has a part without a name", place) }
        return part
    }

    private static func name(_ part: inout MultipartPart, _ value: Substring, _ place: Int) throws(GatehouseError) {
        guard let parameters = DispositionParameters(value) else {
            throw broken("has a part whose name cannot be read", place)
        }
        for (name, value) in parameters.values {
            switch name {
            case "name": part.name = value
            case "filename", "filename*":
                part.isFile = true
                part.fileName = value
            default: break
            }
        }
        let isPlain = part.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
        guard isPlain, (1...64).contains(part.name.utf8.count) else {
            throw broken("has a part whose name cannot be read", place)
        }
    }

    private static func broken(_ what: String, _ place: Int) -> GatehouseError {
        MultipartForm.invalid("the form \(what) (byte \(place))")
    }
}

/// `form-data; name="a"; filename="b.mp3"`: each parameter at most once, quoted or a word.
private struct DispositionParameters {
    private(set) var values: [String: String] = [:]

    init?(_ text: Substring) {
        var rest = text
        guard Self.word(&rest).lowercased() == "form-data" else { return nil }
        while !rest.isEmpty {
            guard rest.removeFirst() == ";" else { return nil }
            rest = rest.drop { $0 == " " || $0 == "\t" }
            let name = Self.word(&rest).lowercased()
            guard !name.isEmpty, rest.first == "=", values[name] == nil else { return nil }
            rest.removeFirst()
            guard let value = rest.first == "\"" ? Self.quoted(&rest) : Self.word(&rest) else { return nil }
            values[name] = value
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
    }

    private static func word(_ rest: inout Substring) -> String {
        let word = rest.prefix { $0 != ";" && $0 != "=" && $0 != " " && $0 != "\t" && $0 != "\"" }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        var value = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            if character == "\\" {
                guard let next = rest.popFirst() else { return nil }
                value.append(next)
            } else {
                value.append(character)
            }
        }
        return nil
    }
}

enum ByteSearch {
    /// Where the pattern begins first; nil when it does not occur.
    static func first(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let initial = pattern.first else { return bytes.startIndex }
        let found = bytes.withUnsafeBufferPointer { bytes -> Int? in
            var place = 0
            while place + pattern.count <= bytes.count {
                guard let next = bytes[place...].firstIndex(of: initial), next + pattern.count <= bytes.count else {
                    return nil
                }
                if bytes[next..<next + pattern.count].elementsEqual(pattern) { return next }
                place = next + 1
            }
            return nil
        }
        return found.map { bytes.startIndex + $0 }
    }
}
