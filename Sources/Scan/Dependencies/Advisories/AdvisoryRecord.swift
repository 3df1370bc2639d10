public import Core
import Formats
import JSON

/// What is kept of an advisory beside the packages that it is about.
public struct AdvisoryRecord: Sendable, Hashable {
    public var id: String
    public var aliases: [String]
    public var summary: String
    /// CVSS, as they are spelled.
    public var vectors: [String]
    public var severityWord: String?
    public var reference: String?
    public var modified: Timestamp?

    init(id: String, aliases: [String]) {
        self.id = id
        self.aliases = aliases
        summary = ""
        vectors = []
    }

    init(_ advisory: OSVAdvisory) {
        id = advisory.id
        aliases = advisory.aliases
        summary = advisory.summary
        vectors = advisory.vectors
        severityWord = advisory.severityWord
        reference = advisory.reference
        modified = advisory.modified
    }

    init(id: String, _ document: String) throws {
        let json = try JSONDocument(document).root
        func texts(_ key: String) -> [String] { json[key]?.elements.compactMap(\.string) ?? [] }
        self.id = id
        aliases = texts("aliases")
        summary = json["summary"]?.string ?? ""
        vectors = texts("vectors")
        severityWord = json["word"]?.string
        reference = json["reference"]?.string
        modified = json["modified"]?.int.map { Timestamp(microseconds: Int64($0)) }
    }

    var json: JSON {
        var json: JSON = [
            "summary": .string(summary), "aliases": .array(aliases.map { .string($0) }),
            "vectors": .array(vectors.map { .string($0) }),
        ]
        if let severityWord { json["word"] = .string(severityWord) }
        if let reference { json["reference"] = .string(reference) }
        if let modified { json["modified"] = JSON(modified.microseconds) }
        return json
    }
}

extension OSVAffected {
    /// In the schema's own shape, with what is judged by.
    var json: JSON {
        var json: JSON = [
            "package": ["ecosystem": .string(ecosystem), "name": .string(name)],
            "ranges": .array(ranges.map(\.json)), "versions": .array(versions.map { .string($0) }),
        ]
        if !vectors.isEmpty {
            json["severity"] = .array(vectors.map { ["type": "CVSS", "score": .string($0)] })
        }
        if !symbols.isEmpty {
            let imports = symbols.map { symbol -> JSON in
                ["path": .string(symbol.path), "symbols": .array(symbol.names.map { .string($0) })]
            }
            json["ecosystem_specific"] = ["imports": .array(imports)]
        }
        return json
    }
}

extension OSVAffected.Range {
    fileprivate var json: JSON {
        let events = events.map { event -> JSON in
            switch event {
            case .introduced(let version): ["introduced": .string(version)]
            case .fixed(let version): ["fixed": .string(version)]
            case .lastAffected(let version): ["last_affected": .string(version)]
            case .limit(let version): ["limit": .string(version)]
            }
        }
        return ["type": .string(kind.rawValue), "events": .array(events)]
    }
}
