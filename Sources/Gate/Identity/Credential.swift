public import Core

/// What a caller shows to say who it is. ``Gate/identify(_:)`` turns it into a ``Principal`` or throws
/// `unauthenticated`.
public enum Credential: Sendable, Hashable {
    /// `gh_…`: a prefix that finds the key and 256 random bits, kept here as a keyed hash only.
    case apiKey(Secret)
    /// A JSON Web Token of a configured issuer.
    case token(Secret)
    /// A user of this machine, as the kernel vouches for it over the unix socket.
    case localUser(uid: UInt32, name: String)
    /// The cookie of a console sign-in.
    case console(Secret)
}

/// Who calls and in which session: what every submission carries.
public struct Caller: Sendable {
    public let principal: Principal
    public let session: Session
    /// Whether the kernel vouches for it as a user of this machine: it came over the unix socket. By principal alone this
    /// is not to be told, since such a user signs in to the console as well.
    public let isLocal: Bool
    /// What of its own it asks within, where it says so.
    public let trace: TraceContext?

    public init(principal: Principal, session: Session, isLocal: Bool = false, trace: TraceContext? = nil) {
        self.principal = principal
        self.session = session
        self.isLocal = isLocal
        self.trace = trace
    }
}
