/// A change that takes findings away, proven to do so.
public struct Fix: Sendable {
    public enum Kind: String, Sendable, Hashable { case upgrade, configuration, secret }

    /// How it is known to help.
    public enum Proof: Sendable, Hashable {
        /// The scanner found it no more in the changed text, and nothing new.
        case assessed
        /// The advisories have nothing new on the version; the lockfile is not changed yet, so that the finding stays
        /// until the steps are done.
        case judged(version: String)
    }

    public var kind: Kind
    public var title: String
    /// The findings that go, by their fingerprints; the one that it was made for first.
    public var fingerprints: [String]
    /// On top of the fixes before it in the same plan.
    public var changes: [FileChange]
    public var steps: [String]
    public var risks: [String]
    /// A dependency moves to another major version.
    public var isMajor: Bool
    public var proof: Proof
}

/// A file before and after.
public struct FileChange: Sendable, Hashable {
    /// Relative to the root, as assessments name it.
    public var path: String
    public var before: [UInt8]
    public var after: [UInt8]
}

/// Fixes that follow one another, and what no fix was found for.
public struct FixPlan: Sendable {
    public struct Unfixed: Sendable, Hashable {
        public var fingerprint: String
        public var rule: String
        public var path: String
        public var reason: String
    }

    public var fixes: [Fix] = []
    public var unfixed: [Unfixed] = []
    /// All fixes together, by path.
    public var changes: [FileChange] = []
    /// The bytes of each path's name.
    var names: [String: [UInt8]] = [:]
}
