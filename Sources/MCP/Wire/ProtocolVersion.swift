/// A revision of the Model Context Protocol, named by its date.
public struct ProtocolVersion: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let v2025_06_18 = ProtocolVersion(rawValue: "2025-06-18")
    public static let v2025_11_25 = ProtocolVersion(rawValue: "2025-11-25")
    public static let v2026_07_28 = ProtocolVersion(rawValue: "2026-07-28")

    public static let latest = v2026_07_28
    /// The newest revision that opens a session by `initialize`.
    public static let latestLegacy = v2025_11_25
    /// Newest first.
    public static let supported = [v2026_07_28, v2025_11_25, v2025_06_18]
    public static let supportedLegacy = supported.filter { !$0.isStateless }

    public var isSupported: Bool { Self.supported.contains(self) }

    /// Whether each request stands for itself; else a session is opened by `initialize`.
    public var isStateless: Bool { self >= Self.v2026_07_28 }

    public var description: String { rawValue }

    public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool { left.rawValue < right.rawValue }
}
