/// A place that a detector claims, before overlaps are resolved.
struct Candidate {
    var range: Range<Int>
    var kind: PrivacyKind
    /// Index in the scanner's detectors.
    var detector: Int
    var confidence: Double
    var reasons: [PrivacyFinding.Reason]
}
