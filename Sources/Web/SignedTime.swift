package import Core

/// The time that a sender signs beside its text, so that what is overheard is of no use later.
package enum SignedTime {
    /// How far the sender's clock may be from ours, in seconds.
    package static let skew: UInt64 = 300

    /// - Returns: false for what is no number of seconds, and for a time too far from ours, either way.
    package static func isNear(_ seconds: String, to now: Timestamp) -> Bool {
        guard (1...12).contains(seconds.utf8.count), seconds.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let time = Int64(seconds)
        else { return false }
        return time.subtractingReportingOverflow(now.seconds).partialValue.magnitude <= skew
    }
}
