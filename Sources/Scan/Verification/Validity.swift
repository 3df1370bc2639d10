/// What its issuer says of a secret.
public enum Validity: String, Sendable, Hashable, CaseIterable {
    /// It opens something now.
    case active
    /// The issuer knows it no more, or never did.
    case revoked
    /// The issuer could not be asked, or said neither.
    case unknown
}
