public import Core

/// What somebody said, as sound, in one of the formats that transcription takes.
public struct Recording: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case wav, mp3, m4a, ogg, webm, flac

        /// Names of the media type that are in use for it, the registered one first.
        var mediaTypes: [String] {
            switch self {
            case .wav: ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]
            case .mp3: ["audio/mpeg", "audio/mp3"]
            case .m4a: ["audio/mp4", "audio/m4a", "audio/x-m4a"]
            case .ogg: ["audio/ogg", "audio/opus"]
            case .webm: ["audio/webm"]
            case .flac: ["audio/flac", "audio/x-flac"]
            }
        }
    }

    public let sound: [UInt8]
    public let format: Format

    public init(_ sound: [UInt8], _ format: Format) { (self.sound, self.format) = (sound, format) }

    /// - Parameter mediaType: with or without parameters.
    /// - Throws: `unsupported` for what is none of the formats.
    public init(_ sound: [UInt8], mediaType: String) throws(GatehouseError) {
        let name = String(mediaType.prefix { $0 != ";" }.filter { $0 != " " }).lowercased()
        guard let format = Format.allCases.first(where: { $0.mediaTypes.contains(name) }) else {
            throw GatehouseError(
                "models", .unsupported, "\"\(name.prefix(64))\" is no recording that is taken",
                hint: "send one of \(Format.allCases.map { $0.mediaTypes[0] }.joined(separator: ", "))")
        }
        self.init(sound, format)
    }

    public var mediaType: String { format.mediaTypes[0] }

    /// The form that asks a model for its transcript, as JSON (RFC 7578, and OpenAI's reference of audio transcriptions).
    public func form(askingFor model: String) -> (body: [UInt8], contentType: String) {
        let boundary =
            "gatehouse-recording-\((0..<4).map { _ in String(UInt32.random(in: 0...UInt32.max), radix: 16) }.joined())"
        var body: [UInt8] = []
        func part(_ disposition: String, _ type: String? = nil) {
            body += "--\(boundary)\r\ncontent-disposition: form-data; \(disposition)\r\n".utf8
            if let type { body += "content-type: \(type)\r\n".utf8 }
            body += "\r\n".utf8
        }
        for (name, value) in [("model", model), ("response_format", "json")] {
            part("name=\"\(name)\"")
            body += "\(value)\r\n".utf8
        }
        part("name=\"file\"; filename=\"speech.\(format.rawValue)\"", mediaType)
        body += sound
        body += "\r\n--\(boundary)--\r\n".utf8
        return (body, "multipart/form-data; boundary=\(boundary)")
    }
}
