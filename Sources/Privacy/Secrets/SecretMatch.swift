/// How sure a detector is.
public enum Confidence: Int, Sendable, Hashable, Comparable, CaseIterable {
    case low, medium, high

    public static func < (a: Confidence, b: Confidence) -> Bool { a.rawValue < b.rawValue }

    var lowered: Confidence { Confidence(rawValue: rawValue - 1) ?? .low }
}

public struct SecretMatch: Sendable, Hashable {
    public var rule: SecretRule
    /// Bytes of the input that the pattern matched.
    public var range: Range<Int>
    /// Bytes of the secret alone.
    public var secret: Range<Int>
    /// Of the secret, in bits a byte.
    public var entropy: Double
    public var confidence: Confidence
    /// True where a checksum or inner structure proves the format.
    public var isVerified: Bool

    /// Whether it is to be kept back where texts pass: a token's shape suffices then, even if its checksum is wrong.
    package var isToBeKeptBack: Bool { confidence >= .medium || rule.specificity == .format }
}

/// A place that could not be judged: to be reported, never taken as clean.
public struct SecretUnchecked: Sendable, Hashable {
    public enum Reason: String, Sendable, Hashable {
        /// Matching took more steps than allowed.
        case matchLimit = "match_limit"
        /// More findings than ``SecretDetector/limit``; the rest of the input was not judged.
        case tooManyFindings = "too_many_findings"
    }

    /// Nil where it concerns all rules.
    public var ruleID: String?
    /// Offset in the input from which on.
    public var offset: Int
    public var reason: Reason
}

public struct SecretFindings: Sendable, Hashable {
    /// By position, without overlaps.
    public var matches: [SecretMatch]
    public var couldNotCheck: [SecretUnchecked]
}

extension SecretMatch {
    /// What may be shown of a secret: at most its first four characters, and never more than a quarter of it.
    public static func preview(of secret: some Collection<UInt8>) -> String {
        let shown = secret.prefix(min(4, secret.count / 4)).map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + "…"
    }

    /// The preview of this match in the input that it was found in.
    public func redacted(in bytes: UnsafeRawBufferPointer) -> String {
        SecretMatch.preview(of: bytes[secret.clamped(to: 0..<bytes.count)])
    }

    public func redacted(in bytes: [UInt8]) -> String { bytes.withUnsafeBytes(redacted(in:)) }
}
