/// How one version stands to another.
public enum VersionOrder: Int, Sendable, Hashable {
    case less = -1
    case equal, greater

    /// This order, or the next question's where it is undecided.
    @inline(__always)
    func then(_ next: () -> VersionOrder) -> VersionOrder { self == .equal ? next() : self }

    @inline(__always)
    static func of<Value: Comparable>(_ a: Value, _ b: Value) -> VersionOrder {
        a == b ? .equal : a < b ? .less : .greater
    }

    var reversed: VersionOrder { VersionOrder(rawValue: -rawValue) ?? .equal }
}
