import Config
import Core
import JSON
public import Privacy

/// One of `privacy.classifiers`: a program that finds in texts what patterns cannot, asked over HTTP.
public struct ClassifierSettings: Sendable, Hashable {
    public var exchange: PresidioExchange
    /// As far as `/analyze`.
    public var url: String
    public var auth = ProviderAuth.none
    /// Of one call, from its beginning to the last byte of the answer.
    public var timeout = Duration.seconds(5)
    /// Of one text; a longer one does not pass.
    public var maxBytes = 256 << 10
    /// Calls under way at once.
    public var concurrent = 8
    /// Whether it is asked about answers as well.
    public var answers = false
    /// Whether it is asked about what goes to tools and comes from them.
    public var tools = false

    public init(_ exchange: PresidioExchange, url: String) {
        self.exchange = exchange
        self.url = url
    }

    /// - Throws: `invalid`, with the place.
    init(_ node: ConfigNode) throws {
        let name = try Self.word(node["name"] ?? node)
        let kinds = try node.map("kinds").map { ($0.key, PrivacyKind(try Self.word($0.node))) }
        let labels = try node.map("labels").map { ($0.key, Label(try Self.word($0.node))) }
        exchange = PresidioExchange(
            id: "external.\(name)", language: try node.string("language"),
            entities: try node["entities"].map { _ in try node.strings("entities") },
            minimumScore: Double(try node.int("min_score")) / 100,
            kinds: Dictionary(uniqueKeysWithValues: kinds), labels: Dictionary(uniqueKeysWithValues: labels))
        url = try node.string("url")
        let mayBeRead = try node.bool("plaintext")
        guard mayBeRead || WebAddress.isPrivate(url) else {
            throw (node["url"] ?? node).error(
                "what is sent there could be read on the way", hint: "use https, or set plaintext: true")
        }
        timeout = try node.duration("timeout")
        maxBytes = Int(clamping: try node.bytes("max_bytes"))
        concurrent = try node.int("concurrent")
        answers = try node.bool("answers")
        tools = try node.bool("tools")
        if let key = try node.optionalSecret("key") {
            auth = try node.optionalString("key_header").map { .header($0, key) } ?? .bearer(key)
        }
    }

    private static func word(_ node: ConfigNode) throws -> String {
        guard let word = node.string, (1...64).contains(word.utf8.count),
            word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else {
            throw node.error(
                "this is no name", hint: "a name has letters, digits, \".\", \"_\" and \"-\", 64 at most")
        }
        return word
    }

    /// What HTTP needs to know of it.
    var provider: Provider {
        Provider(
            id: exchange.id, baseURL: url, dialect: .openAI, auth: auth,
            limits: ProviderLimits(concurrent: concurrent),
            timeouts: ProviderTimeouts(
                connect: min(timeout, .seconds(5)), firstByte: timeout, idle: timeout, whole: timeout))
    }

    static let fields = [
        Field("name", .string, "What it is called in findings and errors.", required: true),
        Field(
            "url", .url, "Its address, as far as /analyze.", example: "https://presidio.example.org/analyze",
            required: true),
        Field("plaintext", .bool, "Allows http to other machines than this one.", default: false),
        Field("key", .secret, "Sent as a bearer token.", example: "${PRESIDIO_KEY}"),
        Field("key_header", .string, "Sends the key in this header instead.", example: "x-api-key"),
        Field("language", .string, "The language that it takes texts to be in (ISO 639-1).", default: "en"),
        Field(
            "entities", .list(of: .string), "What it is asked to look for; all that it can without.",
            example: ["PERSON"]),
        Field(
            "kinds", .map(of: .string), "What its names mean here, where that differs from Presidio's own.",
            default: [:], example: ["PATIENT": "PERSON"]),
        Field(
            "labels", .map(of: .string), "Labels of what it finds, by its names.", default: [:],
            example: ["ORGANIZATION": "confidential"]),
        Field("min_score", .int(0...100), "What it is less sure of is no finding; in hundredths.", default: 50),
        Field("timeout", .duration, "Of one call.", default: "5s"),
        Field("max_bytes", .bytes, "Of one text; a longer one is refused.", default: "256KiB"),
        Field("concurrent", .int(1...1024), "Calls under way at once.", default: 8),
        Field(
            "answers", .bool,
            "Asks about answers as well. A streamed answer is then sent when it is complete, and not before.",
            default: false),
        Field("tools", .bool, "Asks about arguments and answers of tools as well.", default: false),
    ]
}
