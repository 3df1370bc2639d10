public import Core
public import JSON

/// An advisory in the Open Source Vulnerability format (OSV schema 1.7), as far as it is judged by.
public struct OSVAdvisory: Sendable, Hashable {
    public var id: String
    public var modified: Timestamp?
    public var published: Timestamp?
    /// Taken back: it says nothing about any package any more.
    public var withdrawn: Timestamp?
    /// Other names of the same flaw.
    public var aliases: [String]
    public var summary: String
    /// CVSS vectors of the whole advisory, as they are spelled.
    public var vectors: [String]
    /// `LOW`, `MODERATE`, `HIGH`, `CRITICAL`, as some databases say beside or instead of a vector.
    public var severityWord: String?
    /// The first that describes it, of those on the web.
    public var reference: String?
    public var affected: [OSVAffected]

    /// Of one advisory that is read.
    public static let limits = JSON.Limits(bytes: 32 << 20, depth: 64, values: 2_000_000)

    /// - Throws: `invalid`, with the place, for what is no JSON or has no id.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, limits: Self.limits)
        } catch {
            throw GatehouseError("formats", .invalid, "the advisory is not JSON", cause: error.description)
        }
        guard let id = document["id"]?.string, !id.isEmpty, id.utf8.count <= 256 else {
            throw GatehouseError("formats", .invalid, "the advisory has no id")
        }
        func time(_ key: String) -> Timestamp? { document[key]?.string.flatMap { Timestamp($0) } }
        self.id = id
        modified = time("modified")
        published = time("published")
        withdrawn = time("withdrawn")
        aliases = document.root.strings("aliases")
        let details = document["details"]?.string ?? ""
        summary = String((document["summary"]?.string ?? details).prefix { $0 != "\n" }.prefix(300))
        vectors = Self.vectors(document.root)
        severityWord = document["database_specific"]?["severity"]?.string
        reference = Self.reference(document.root)
        affected = document["affected"]?.elements.compactMap(OSVAffected.init) ?? []
    }

    static func vectors(_ view: JSONView) -> [String] {
        view["severity"]?.elements.compactMap { entry in
            guard entry["type"]?.string?.hasPrefix("CVSS") == true else { return nil }
            return entry["score"]?.string
        } ?? []
    }

    private static func reference(_ view: JSONView) -> String? {
        let all = view["references"]?.elements.compactMap { entry in
            entry["url"]?.string.map { (kind: entry["type"]?.string ?? "", url: $0) }
        }
        let onTheWeb = (all ?? []).filter { $0.url.hasPrefix("https://") || $0.url.hasPrefix("http://") }
        return (onTheWeb.first { $0.kind == "ADVISORY" } ?? onTheWeb.first)?.url
    }
}

extension JSONView {
    /// The texts in an array; none for what is no array of texts.
    func strings(_ key: String) -> [String] { self[key]?.elements.compactMap(\.string) ?? [] }
}
