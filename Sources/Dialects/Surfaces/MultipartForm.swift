import Core
import JSON
import Web

/// A form with one file in it, as transcription takes it (RFC 7578).
///
/// The fields are read as a JSON object, so that they are inspected and rewritten like any other request. What is
/// written is made anew: another boundary, a file name that says the format only, no header that is not needed.
struct MultipartForm: Sendable {
    /// An object: texts by name; `stream` as a Boolean; arrays for names that end in `[]`; under ``fileField`` the
    /// file's new name.
    let fields: JSON
    let mediaType: String
    let file: ArraySlice<UInt8>
    /// What parts it when it is written.
    let boundary: String

    static let fileField = "file"
    private static let greatestField = 1 << 20
    private static let mostParts = 64

    /// - Throws: `invalid` for what is no such form, `unsupported` for a file that is a text.
    init(_ bytes: [UInt8], contentType: String) throws(GatehouseError) {
        guard let theirs = Self.boundary(in: contentType) else {
            throw Self.invalid(
                "the body is no form with a boundary", hint: "send multipart/form-data, with the audio as file")
        }
        var parts = MultipartParts(bytes, boundary: theirs)
        var fields = JSONObject()
        var found: MultipartPart?
        var count = 0
        while let part = try parts.next() {
            count += 1
            guard count <= Self.mostParts else { throw Self.invalid("the form has more than \(Self.mostParts) parts") }
            if part.isFile {
                guard part.name == Self.fileField, found == nil else {
                    throw Self.invalid("the form has a file besides \(Self.fileField)")
                }
                found = part
            } else {
                try Self.add(part, to: &fields)
            }
        }
        guard let found, !found.content.isEmpty else {
            throw Self.invalid("the form has no file", hint: "send the audio as the form's file")
        }
        if Payload.beginsAsText(found.content.prefix(256)) {
            throw GatehouseError(
                "models", .unsupported, "the file is a text and no audio", hint: "send texts to /v1/chat/completions")
        }
        fields[Self.fileField] = .string("audio" + Self.fileExtension(of: found.fileName))
        boundary = try Self.freeBoundary(bytes)
        self.fields = .object(fields)
        file = found.content
        mediaType = Self.harmless(found.mediaType)
    }

    private static func add(_ part: MultipartPart, to fields: inout JSONObject) throws(GatehouseError) {
        guard part.content.count <= greatestField, let text = String(validating: part.content, as: UTF8.self) else {
            throw invalid("the form's \(part.name) is too long, or not UTF-8")
        }
        if part.name.hasSuffix("[]") {
            fields[part.name] = .array((fields[part.name]?.array ?? []) + [.string(text)])
            return
        }
        guard part.name != fileField, fields[part.name] == nil else {
            throw invalid("the form has \(part.name) twice, or as a text where it is a file")
        }
        fields[part.name] = part.name == "stream" ? truth(text) : .string(text)
    }

    private static func truth(_ text: String) -> JSON {
        switch text.lowercased() {
        case "true", "1": true
        case "false", "0", "": false
        default: .string(text)
        }
    }

    /// The form with these fields.
    func written(_ fields: JSON) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(file.count + 4096)
        func begin(_ name: String) {
            out += "--\(boundary)\r\ncontent-disposition: form-data; name=\"\(Self.quotable(name))\"".utf8
        }
        for (name, value) in fields.object ?? [:] {
            for one in value.array ?? [value] where name != Self.fileField {
                begin(name)
                out += "\r\n\r\n".utf8
                out += (one.string ?? one.bool.map { $0 ? "true" : "false" } ?? one.text()).utf8
                out += "\r\n".utf8
            }
        }
        begin(Self.fileField)
        let name = Self.quotable(fields[Self.fileField]?.string ?? "audio")
        out += "; filename=\"\(name)\"\r\ncontent-type: \(mediaType)\r\n\r\n".utf8
        out += file
        out += "\r\n--\(boundary)--\r\n".utf8
        return out
    }

    /// The same for the same form, and nowhere in it.
    /// - Throws: `invalid` for a form that holds all that are tried: whoever looked on would look at it again and again.
    private static func freeBoundary(_ bytes: [UInt8]) throws(GatehouseError) -> String {
        for number in 0..<8 {
            let boundary = "gatehouse-form-\(number)"
            if ByteSearch.first([UInt8](boundary.utf8), in: bytes[...]) == nil { return boundary }
        }
        throw invalid("the form holds every boundary that it could be written with")
    }

    // MARK: Words

    /// Up to 70 characters that need no quoting in a header (RFC 2046, 5.1.1).
    private static func boundary(in contentType: String) -> [UInt8]? {
        guard let type = HeaderValue(contentType), type.word == "multipart/form-data", let value = type["boundary"]
        else {
            return nil
        }
        let bytes = [UInt8](value.utf8)
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "'()+_,-./:=?".utf8.contains(byte)
            }
        }
        return isPlain && (1...70).contains(bytes.count) ? bytes : nil
    }

    /// A name may tell whose voice it is; what comes after its last dot tells the format, where it is one.
    private static func fileExtension(of name: String) -> String {
        let known: Set<String> = ["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "opus", "wav", "webm"]
        guard let dot = name.lastIndex(of: ".") else { return "" }
        let ending = name[name.index(after: dot)...].lowercased()
        return known.contains(ending) ? ".\(ending)" : ""
    }

    private static func harmless(_ mediaType: String) -> String {
        let type = mediaType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        let isMedia = type.hasPrefix("audio/") || type.hasPrefix("video/")
        let isPlain = type.utf8.count <= 40 && type.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
        return isMedia && isPlain ? type : "application/octet-stream"
    }

    /// Fields keep their names, save what would break out of the quotes.
    private static func quotable(_ name: String) -> String {
        String(name.map { $0 == "\"" || $0 == "\\" || $0.isNewline || ($0.asciiValue ?? 0x20) < 0x20 ? "_" : $0 })
    }

    static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("models", .invalid, message, hint: hint)
    }
}
