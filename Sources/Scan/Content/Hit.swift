import Core
import JSON
import Privacy

/// A match as a scanner saw it, before it has an identity: the secret itself is gone from here on, but for verification.
struct Hit: Sendable {
    var rule: ScanRule
    var source: String
    var path: [UInt8]
    var start: Place
    /// Just past the last character.
    var end: Place
    /// The line around it with every secret in it cut to its first characters.
    var snippet: String
    /// 16 bits of a hash: see ``Fingerprint``.
    var secretTag: UInt16
    /// Of the line without its secrets.
    var contextTag: UInt64
    var confidence: Confidence
    var isVerified: Bool
    var reach = Reach.anywhere
    /// For verification alone.
    var secret: Secret?
    var validity: Validity?
    var allowance: Allowance?
    /// The blob it was found in, for past commits; nil for the tree.
    var blob: String?
    /// What a scanner of its own kind decided; nil where the table of priorities does.
    var priority: Priority?
    /// What else is known of it, in members of the scanner's own.
    var details: JSONObject?
    /// The other tool that reported it; none where a scanner of our own did.
    var sources: [FindingSource] = []
}
