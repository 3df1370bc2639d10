/// When a threat applies, and what decides how it stands: data, in one table.
public struct ThreatRule: Sendable, Hashable {
    /// `T-…`, for good.
    public var id: String
    /// Whether it comes by a copy or a supplier, and not through the element's own door.
    var isByCopy = false
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

    /// What it may be said of.
    enum Scope: Sendable, Hashable {
        case elements(Set<Element.Kind>)
        /// Flows that cross a boundary.
        case flows
    }
}
