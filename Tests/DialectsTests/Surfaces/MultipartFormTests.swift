import Core
import JSON
import TestSupport
import Testing
import Web

@testable import Dialects

struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=4f1c"
    private static let audio: [UInt8] =
        utf8("RIFF") + [0, 0xFF, 0x0D, 0x0A] + utf8("--gatehouse-form-0\r\n") + Array(0...255)

    private static func part(_ head: String, _ content: [UInt8]) -> [UInt8] {
        utf8("--4f1c\r\nContent-Disposition: form-data; \(head)\r\n\r\n") + content + utf8("\r\n")
    }

    private static func form(_ parts: [[UInt8]]) -> [UInt8] { parts.flatMap { $0 } + utf8("--4f1c--\r\n") }

    /// All that a form could be written with, and more.
    private static let boundaries = utf8((0..<40_000).map { "gatehouse-form-\($0) " }.joined())
    private static let model = part(#"name="model""#, utf8("gpt-x"))
    private static let file = part(
        "name=\"file\"; filename=\"alice@example.com.wav\"\r\nContent-Type: audio/wav", audio)
    private static let whole = form([
        model, part(#"name="prompt""#, utf8("Ask alice@example.com")), part(#"name="stream""#, utf8("true")),
        part(#"name="timestamp_granularities[]""#, utf8("word")),
        part(#"name="timestamp_granularities[]""#, utf8("segment")), file,
    ])

    private func read(_ bytes: [UInt8], _ type: String = type) throws -> ModelRequest {
        try ModelRequest(bytes, surface: .openAITranscriptions, contentType: type)
    }

    @Test func readsWhatClientsSend() throws {
        let request = try read(Self.whole)
        #expect(request.model == "gpt-x" && request.isStreamed)
        #expect(request.positions.map { text($0.text) } == ["Ask alice@example.com"])
        #expect(request.passedOver.map(\.content) == [.binary(mediaType: "audio/wav")])
        #expect(request.countedBytes < 400)
    }

    @Test func writesTheTextsAnewAndTheSoundAsItWas() throws {
        let request = try read(Self.whole)
        let prompt = try #require(request.positions.first)
        let bytes = try request.rewritten(model: "other", texts: [(prompt, utf8("Ask <EMAIL_1>"))])
        #expect(ByteSearch.first(utf8("alice"), in: bytes[...]) == nil, "nor in the file's name")
        #expect(request.contentType == "multipart/form-data; boundary=gatehouse-form-1")
        let again = try MultipartForm(bytes, contentType: request.contentType)
        #expect(Array(again.file) == Self.audio && again.mediaType == "audio/wav")
        #expect(
            again.fields == [
                "model": "other", "prompt": "Ask <EMAIL_1>", "stream": true,
                "timestamp_granularities[]": ["word", "segment"], "file": "audio.wav",
            ])
    }

    @Test(
        arguments: [
            (
                "all boundaries of ours", type,
                form([model, part(#"name="prompt""#, boundaries), file])
            ),
            ("two boundaries", type + "; boundary=4f1d", whole),
            ("no boundary", type.replacing("; boundary=4f1c", with: ""), whole),
            ("a long boundary", "multipart/form-data; boundary=" + String(repeating: "a", count: 71), whole),
            ("another type", "application/json", whole),
            ("a preamble", type, utf8("\r\n") + whole),
            ("something after the end", type, whole + utf8("--4f1c\r\n")),
            ("no end", type, whole.dropLast(8)),
            ("no file", type, form([model])),
            ("an empty file", type, form([model, part(#"name="file"; filename="a""#, [])])),
            ("two files", type, form([model, file, file])),
            ("another file", type, form([model, part(#"name="notes"; filename="a""#, audio), file])),
            ("a file as a text", type, form([model, part(#"name="file""#, audio)])),
            ("a text for a file", type, form([model, part(#"name="file"; filename="a.wav""#, utf8("Dear Ann"))])),
            ("two models", type, form([model, model, file])),
            ("no model", type, form([file])),
            ("a field that is not UTF-8", type, form([model, part(#"name="prompt""#, [0xFF, 0xFE]), file])),
            ("two names", type, form([model, part("name=\"a\"; name=\"b\"", utf8("x")), file])),
            ("an unclosed name", type, form([model, part(#"name="a"#, utf8("x")), file])),
            (
                "two heads", type,
                form([model, part("name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", utf8("x")), file])
            ),
            (
                "base64", type,
                form([model, part("name=\"a\"\r\nContent-Transfer-Encoding: base64", utf8("eA==")), file])
            ),
            ("a folded line", type, form([model, part("name=\"a\"\r\n b: c", utf8("x")), file])),
            ("a head without end", type, utf8("--4f1c\r\n") + Array(repeating: 0x61, count: 9000)),
            ("single line feeds", type, utf8(text(whole.prefix(70)).replacing("\r\n", with: "\n"))),
            (
                "many parts", type,
                form(Array(repeating: part(#"name="include[]""#, utf8("logprobs")), count: 65) + [model, file])
            ),
        ] as [(String, String, [UInt8])])
    func refuses(_ what: String, _ type: String, _ bytes: [UInt8]) throws {
        let error = #expect(throws: GatehouseError.self, "\(what)") { try read(bytes, type) }
        #expect(error?.code == .invalid || error?.code == .unsupported)
    }

    @Test func damageIsNoCrash() throws {
        for end in Self.whole.indices.dropLast(2) {
            #expect(throws: GatehouseError.self) { try read(Array(Self.whole[..<end])) }
        }
        var random = SeededRandom(seed: 7)
        for _ in 0..<3000 {
            var bytes = Self.whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: Self.whole.shuffled(using: &random).prefix(9), at: place)
                }
            }
            guard let form = try? MultipartForm(bytes, contentType: Self.type) else { continue }
            let written = form.written(form.fields)
            let again = try MultipartForm(written, contentType: "multipart/form-data; boundary=\(form.boundary)")
            #expect(again.fields == form.fields && again.file == form.file && again.mediaType == form.mediaType)
        }
    }
}
