public import Core

/// Advisories of one ecosystem, as they were imported together.
public struct AdvisoryFeed: Sendable, Hashable {
    /// As OSV names it, without a distribution's release: `PyPI`, `Debian`.
    public var ecosystem: String
    /// The file, folder or address that it came from.
    public var source: String
    /// How far it tells what is known: the newest change in it, or the date that its source gives.
    public var asOf: Timestamp
    public var imported: Timestamp
    public var advisories: Int
    public var packages: Int
    /// Files that could not be read as advisories; nothing is known of what they say.
    public var unreadable: Int
    /// Of the rows that belong to it.
    var generation: Int

    public func age(at now: Timestamp) -> Duration { now - asOf }
}
