public import Core
import JSON

/// CISA's catalogue of known exploited vulnerabilities (its JSON feed).
public struct KnownExploited: Sendable, Hashable {
    public var released: Timestamp
    /// When each was added, as a date, by its CVE.
    public var added: [String: String]

    /// - Throws: `invalid`, naming what is missing.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes, limits: JSON.Limits(bytes: 64 << 20, values: 4_000_000))
        } catch {
            throw Self.invalid("is not JSON: \(error)")
        }
        guard let date = document["dateReleased"]?.string, let released = Timestamp(date) else {
            throw Self.invalid("has no dateReleased")
        }
        guard let list = document["vulnerabilities"], list.kind == .array else {
            throw Self.invalid("has no vulnerabilities")
        }
        var added: [String: String] = [:]
        for (index, entry) in list.elements.enumerated() {
            guard let id = entry["cveID"]?.string, let date = entry["dateAdded"]?.string else {
                throw Self.invalid("vulnerability \(index) has no cveID or no dateAdded")
            }
            added[id] = date
        }
        guard !added.isEmpty else { throw Self.invalid("lists nothing") }
        self.released = released
        self.added = added
    }

    private static func invalid(_ reason: String) -> GatehouseError {
        GatehouseError("risk", .invalid, "the catalogue of known exploited vulnerabilities \(reason)")
    }
}

/// FIRST's Exploit Prediction Scoring System: a CSV file whose first line tells its date.
public struct ExploitPredictions: Sendable, Hashable {
    public var date: Timestamp
    /// The probability of exploitation within 30 days, by CVE.
    public var scores: [String: Double]

    public static let maximumRows = 2_000_000

    /// - Throws: `invalid`, with the line.
    public init(_ bytes: [UInt8]) throws(GatehouseError) {
        var date: Timestamp?
        var scores: [String: Double] = [:]
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" }
            if text.isEmpty || text.hasPrefix("cve,") { continue }
            if text.hasPrefix("#") {
                date = Self.date(text) ?? date
                continue
            }
            let parts = text.split(separator: ",")
            guard parts.count >= 2, parts[0].hasPrefix("CVE-"), let score = Double(parts[1]), (0...1).contains(score)
            else {
                throw Self.invalid("line \(index + 1) is no CVE with a probability")
            }
            guard scores.count < Self.maximumRows else { throw Self.invalid("has more than \(Self.maximumRows) rows") }
            scores[String(parts[0])] = score
        }
        guard let date else { throw Self.invalid("does not begin with its date (#model_version:…,score_date:…)") }
        guard !scores.isEmpty else { throw Self.invalid("lists nothing") }
        self.date = date
        self.scores = scores
    }

    /// `#model_version:v2025.03.14,score_date:2025-08-25T12:55:00Z`, with an offset without a colon in some years.
    private static func date(_ line: String) -> Timestamp? {
        guard let field = line.split(separator: ",").last, let colon = field.firstIndex(of: ":") else { return nil }
        let text = field[field.index(after: colon)...]
        return Timestamp(text) ?? Timestamp("\(text.prefix(19))Z") ?? Timestamp("\(text.prefix(10))T00:00:00Z")
    }

    private static func invalid(_ reason: String) -> GatehouseError {
        GatehouseError("risk", .invalid, "the file of exploit predictions \(reason)")
    }
}
