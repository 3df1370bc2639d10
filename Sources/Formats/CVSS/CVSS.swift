public import Core

/// A CVSS vector (FIRST: CVSS v2.0, v3.0, v3.1, v4.0), read and scored.
public struct CVSS: Sendable, Hashable {
    public enum Version: String, Sendable, Hashable, CaseIterable {
        case v2 = "2.0"
        case v30 = "3.0"
        case v31 = "3.1"
        case v4 = "4.0"
    }

    /// 0 to 10 with one decimal each. A group none of whose metrics is given has no score in version 2; in version 3 it
    /// has the score of the group before it. Version 4 has one score, which takes in all metrics: it is `base`.
    public struct Scores: Sendable, Hashable {
        public var base: Double
        public var temporal: Double?
        public var environmental: Double?

        /// The score of all that the vector says.
        public var overall: Double { environmental ?? temporal ?? base }
    }

    public let version: Version
    /// As they were written.
    public let vector: String
    public let scores: Scores
    /// By the metric's name, those that stand in the vector.
    public let metrics: [String: String]

    /// Of a text that is read.
    public static let maximumBytes = 1024

    /// - Throws: `invalid`, naming the metric: unknown, twice, without its value, or missing though mandatory.
    public init(_ vector: String) throws(GatehouseError) {
        guard vector.utf8.count <= CVSS.maximumBytes else { throw Self.invalid("it is longer than any can be") }
        let (version, rest) = Self.split(vector)
        guard let version else { throw Self.invalid("\(vector.prefix(16)) is no version of CVSS that is known") }
        let metrics = try CVSSMetrics(rest, of: version)
        self.version = version
        self.vector = vector
        self.metrics = metrics.values
        scores =
            switch version {
            case .v2: CVSS2.scores(metrics)
            case .v30: CVSS3(metrics, isRevised: false).scores
            case .v31: CVSS3(metrics, isRevised: true).scores
            case .v4: CVSS4(metrics).scores
            }
    }

    /// By the qualitative scale of version 3.1, section 5, and version 4.0, section 6. Version 2 has no `critical` and
    /// no `none` of its own; its scores are read on the same scale.
    public static func severity(of score: Double) -> Severity {
        switch score {
        case ..<0.1: .info
        case ..<4: .low
        case ..<7: .medium
        case ..<9: .high
        default: .critical
        }
    }

    public var severity: Severity { Self.severity(of: scores.overall) }

    /// A vector without a prefix is one of version 2, in parentheses or not.
    private static func split(_ vector: String) -> (Version?, Substring) {
        guard vector.hasPrefix("CVSS:") else {
            let isWrapped = vector.hasPrefix("(") && vector.hasSuffix(")")
            return (.v2, isWrapped ? vector.dropFirst().dropLast() : vector[...])
        }
        let rest = vector.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/"), let version = Version(rawValue: String(rest[..<slash])),
            version != .v2
        else { return (nil, rest) }
        return (version, rest[rest.index(after: slash)...])
    }

    static func invalid(_ message: String) -> GatehouseError {
        GatehouseError("formats", .invalid, "not a CVSS vector: \(message)")
    }
}
