public import JSON

/// Who wrote a text, as far as the format says.
public enum Writer: String, Sendable, Hashable, CaseIterable {
    case system, user, assistant, tool, toolDefinition, unknown
}

/// One text in a request, an answer or an event: what is inspected and may be replaced.
///
/// The text is always plain: escapes are read, base64 of a text file is decoded, and a string that holds JSON (the
/// arguments of a tool call) is not one position but one for each string, key and long number within it. What is put
/// in its place is plain as well; ``ModelRequest/rewritten(model:texts:asksUsage:)`` spells it as the place demands.
public struct TextPosition: Sendable {
    enum Spelling: Sendable {
        case string
        /// A number in data; a replacement that is no number becomes a string.
        case number
        /// A text file in base64 behind a prefix of so many bytes (`data:text/plain;base64,`).
        case base64(prefix: Int, decoded: [UInt8])
    }

    /// A string, the key of a member, or a number; within ``isJSON`` text, in the document that the string holds.
    public let view: JSONView
    public let writer: Writer
    /// From a tool, a file or a search: data that a model may mistake for instructions.
    public let isUntrusted: Bool
    /// Beside a signature that covers it: it passes unchanged or not at all.
    public let isSigned: Bool
    /// The member under which the text stands, to tell an inspector what it may be.
    public let key: String
    let spelling: Spelling
    let held: HeldJSON?
    /// Whether the text is JSON that was not taken apart, as in an event of a stream.
    let holdsJSON: Bool

    /// Whether the text stands within a string that holds JSON.
    public var isJSON: Bool { held != nil }

    /// The text as UTF-8.
    public var text: [UInt8] {
        switch spelling {
        case .string: view.withUTF8 { [UInt8]($0) } ?? []
        case .number: [UInt8](view.rawBytes)
        case .base64(_, let decoded): decoded
        }
    }

    /// Where it stands, as a JSON Pointer (RFC 6901).
    public var place: String { held.map { "\($0.holder.pointer)#\(view.pointer)" } ?? view.pointer }
}

/// A string of a document that is JSON itself.
struct HeldJSON: Sendable {
    let holder: JSONView
    let document: JSONDocument
}

/// What is no text and was not inspected; policy may have a say about it.
public struct PassedOver: Sendable {
    public enum Content: Sendable, Hashable {
        /// Image, audio, PDF or other bytes of this media type; empty where the format names none.
        case binary(mediaType: String)
        /// A signature or an encrypted text, which only its issuer can read.
        case sealed
        /// Something that the provider fetches or has stored.
        case reference
    }

    public let view: JSONView
    public let content: Content
}
