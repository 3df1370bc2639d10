/// When a threat applies, and what decides how it stands: data, in one table.
public struct ThreatRule: Sendable, Hashable {
    /// `T-…`, for good.
    public var id: String
    var reach = Reach.door
    /// However much depends on what it is said of.
    var mostImpact = 3
    public var stride: Stride
    public var title: String
    /// Why it is one.
    public var rationale: String
    public var mitigations: [String]
    /// `CWE-306`, `CAPEC-115`, `NIST-800-53:IA-2`.
    public var links: [String]
    var scope: Scope
    /// Any of these makes it open.
    var open: Set<Trait>
    /// Any of these makes it mitigated, where nothing makes it open.
    var mitigated: Set<Trait> = []
    /// Where all of these hold and nothing decides, it is unknown; nil where silence says nothing.
    var asked: Set<Trait>?

    /// The way that it comes.
    enum Reach: Sendable, Hashable {
        /// Through the element's own door.
        case door
        /// By a copy of what is stored, or by a supplier.
        case copy
        /// Not by itself: it makes worse what else happens.
        case aftermath
    }

    /// What it may be said of.
    enum Scope: Sendable, Hashable {
        case elements(Set<Element.Kind>)
        /// Flows that cross a boundary.
        case flows
    }
}
