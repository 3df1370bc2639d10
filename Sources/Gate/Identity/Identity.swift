public import Core
public import Store
import Synchronization

/// Says who calls, and keeps what callers show for it.
///
/// All that is asked of it for a request is answered from memory. What ends something (a revocation, the kill switch)
/// holds in memory before it is written; what lets somebody in is written before it holds.
public final class Identity: Sendable {
    public static let migrations: [Migration] = IdentityRows.migrations

    /// What can be reloaded.
    struct Rules: Sendable {
        let localUsers: LocalUserRoles
        let console: ConsoleTimes
        let tokens: TokenVerifier
    }

    let store: Store
    let clock: any WallClock
    let sessions: Sessions
    let hash: KeyedHash
    let directory: Mutex<Directory>
    private let rules: Mutex<Rules>
    private let fetcher: (any JWKSFetcher)?

    /// - Parameters:
    ///   - secretKey: 32 bytes; with another key no credential is known any more.
    ///   - sessions: those that the kill switch ends.
    ///   - fetcher: for issuers whose keys are at a URL; without it their tokens are refused.
    /// - Throws: `invalid` for a key of another length or an issuer whose inline keys cannot be used.
    public init(
        store: Store, secretKey: [UInt8], settings: GateSettings, sessions: Sessions, clock: any WallClock,
        fetcher: (any JWKSFetcher)? = nil
    ) async throws {
        guard secretKey.count == 32 else {
            throw GatehouseError("gate", .invalid, "the secret key has \(secretKey.count) bytes; it must have 32")
        }
        self.store = store
        self.clock = clock
        self.sessions = sessions
        self.fetcher = fetcher
        hash = KeyedHash(secret: secretKey)
        rules = Mutex(try await Self.rules(settings, clock, fetcher))
        let known = try await store.read(IdentityRows.load)
        directory = Mutex(known)
        for principalID in known.stopped.keys { sessions.bar(principalID, at: clock.now()) }
    }

    // MARK: Who calls

    /// - Throws: `unauthenticated`; `unavailable` when a token's issuer cannot be asked for its keys.
    public func identify(_ credential: Credential) async throws -> Principal {
        switch credential {
        case .apiKey(let secret): return try principal(ofKey: secret)
        case .token(let token): return try await principal(ofToken: token)
        case .localUser(let uid, let name): return try principal(ofLocalUser: uid, name)
        case .console(let cookie): return try principal(ofCookie: cookie)
        }
    }

    /// Whether the kill switch has stopped the principal: nothing of theirs counts, an approval neither.
    public func isStopped(_ principalID: String) -> Bool { directory.withLock { $0.stopped[principalID] != nil } }

    private func principal(ofKey secret: Secret) throws -> Principal {
        guard let key = KeyText(secret.expose()) else { throw Directory.unknownKey }
        let digest = hash.digest(key.text, for: .apiKey)
        let now = clock.now()
        return try directory.withLock { try $0.principal(ofKey: key.id, digest: digest, now: now) }
    }

    private func principal(ofToken token: Secret) async throws -> Principal {
        let claims = try await rules.withLock { $0.tokens }.claims(of: token, at: clock.now())
        try directory.withLock { directory in
            try directory.requireRunning(claims.principal.id)
            guard let stop = directory.lastStop[claims.principal.id] else { return }
            guard let issued = claims.issuedAt, issued > stop else {
                throw TokenText.refused("it was issued before its bearer was stopped", hint: "get a new one")
            }
        }
        return claims.principal
    }

    private func principal(ofLocalUser uid: UInt32, _ name: String) throws -> Principal {
        let principal = LocalUsers.principal(uid: uid, name: name, roles: rules.withLock { $0.localUsers })
        try directory.withLock { try $0.requireRunning(principal.id) }
        return principal
    }

    private func principal(ofCookie cookie: Secret) throws -> Principal {
        guard cookie.expose().hasPrefix(Self.cookiePrefix) else { throw Directory.notSignedIn }
        let digest = hash.digest(cookie.expose(), for: .consoleCookie)
        let now = clock.now()
        let (times, localUsers) = rules.withLock { ($0.console, $0.localUsers) }
        return try directory.withLock { directory in
            let id = try directory.signedIn(digest, times: times, now: now)
            return try directory.principal(signedInAs: id, localUsers: localUsers)
        }
    }

    // MARK: Settings

    /// Puts other settings in force. Tokens that were found good are looked at anew.
    /// - Throws: `invalid`; then the former settings stay.
    public func reload(_ settings: GateSettings) async throws { adopt(try await prepare(settings)) }

    func prepare(_ settings: GateSettings) async throws -> Rules { try await Self.rules(settings, clock, fetcher) }

    func adopt(_ new: Rules) { rules.withLock { $0 = new } }

    var consoleTimes: ConsoleTimes { rules.withLock { $0.console } }
    var localUserRoles: LocalUserRoles { rules.withLock { $0.localUsers } }

    private static func rules(
        _ settings: GateSettings, _ clock: any WallClock, _ fetcher: (any JWKSFetcher)?
    ) async throws -> Rules {
        Rules(
            localUsers: settings.localUsers, console: settings.console,
            tokens: try await TokenVerifier(settings.issuers, clock: clock, fetcher: fetcher))
    }

    // MARK: Writing behind

    /// Writes when keys and sign-ins were last used, and deletes sign-ins that ended.
    public func flush() async throws {
        let now = clock.now()
        let times = consoleTimes
        let uses = directory.withLock { directory in
            directory.expire(times, now: now)
            return directory.takeUses()
        }
        guard !uses.isEmpty else { return }
        do {
            try await store.write(.relaxed) { try IdentityRows.save(uses, $0) }
        } catch {
            directory.withLock { $0.restoreUses(uses) }
            throw error
        }
    }
}
