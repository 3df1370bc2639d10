import Core
import Web

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
        guard let disposition = HeaderValue(value), disposition.word == "form-data" else {
            throw broken("has a part whose name cannot be read", place)
        }
        part.name = disposition["name"] ?? ""
        if let fileName = disposition["filename"] ?? disposition["filename*"] {
            part.isFile = true
            part.fileName = fileName
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
