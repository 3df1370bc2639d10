/// What kind of sensitive thing a text holds or a session has seen. Labels only ever accumulate on a session (taint).
public struct Label: RawRepresentable, Sendable, Hashable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// Personal data.
    public static let pii = Label("pii")
    /// Health data (HIPAA).
    public static let phi = Label("phi")
    /// Cardholder data (PCI DSS).
    public static let pci = Label("pci")
    /// A credential, key or token.
    public static let secret = Label("secret")
    public static let confidential = Label("confidential")
    /// Text that may carry instructions: from models, tools, repositories, logs.
    public static let untrusted = Label("untrusted")
}

extension Label: Comparable, CustomStringConvertible {
    public static func < (a: Label, b: Label) -> Bool { a.rawValue < b.rawValue }
    public var description: String { rawValue }
}
