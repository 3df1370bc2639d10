public import Core
import Store
import Synchronization

extension Identity {
    static let linkPrefix = "ghl_"
    static let cookiePrefix = "ghc_"
    public static let linkLifetime = Duration.seconds(600)
    private static let greatestNumberOfLinks = 1000

    /// A token that signs a principal in to the console, once and within ten minutes.
    /// - Throws: `notFound` for a principal that is neither in the store nor a user of this machine.
    public func signInLink(for principalID: String) async throws -> Secret {
        _ = try await principal(principalID)
        let now = clock.now()
        let times = consoleTimes
        try directory.withLock { directory in
            try directory.requireRunning(principalID)
            directory.expire(times, now: now)
            guard directory.links.count < Self.greatestNumberOfLinks else {
                throw GatehouseError(
                    "gate", .exhausted, "too many sign-in links are open", hint: "they expire in ten minutes")
            }
        }
        let token = Secret(Self.linkPrefix + RandomText.make())
        let digest = hash.digest(token.expose(), for: .signInLink)
        let link = Directory.Link(principalID: principalID, expires: now + Self.linkLifetime)
        try await store.write { try IdentityRows.insert(link, digest, now: now, $0) }
        directory.withLock { $0.add(link, digest) }
        return token
    }

    /// Turns the token of a sign-in link into the value of a console cookie. Of several who try at once, one succeeds.
    /// - Throws: `unauthenticated` when the token is not known, was used or has expired.
    public func signIn(with token: Secret) async throws -> Secret {
        let link = hash.digest(token.expose(), for: .signInLink)
        let now = clock.now()
        let principalID = try directory.withLock { try $0.takeLink(link, now: now) }
        let cookie = Secret(Self.cookiePrefix + RandomText.make())
        let digest = hash.digest(cookie.expose(), for: .consoleCookie)
        let signIn = Directory.SignIn(principalID: principalID, started: now, lastSeen: now)
        let exchanged = try await store.write { try IdentityRows.exchange(link, for: signIn, cookie: digest, $0) }
        guard exchanged else { throw Directory.notSignedIn }
        // The kill switch may have come in between.
        try directory.withLock { directory in
            directory.add(signIn, cookie: digest)
            do { try directory.requireRunning(principalID) } catch {
                directory.endSignIn(digest)
                throw error
            }
        }
        return cookie
    }

    /// Ends a sign-in. It is over at once, whatever becomes of the disk.
    public func signOut(_ cookie: Secret) async {
        let digest = hash.digest(cookie.expose(), for: .consoleCookie)
        directory.withLock { $0.endSignIn(digest) }
        // Tried again with every flush.
        try? await flush()
    }

    /// Names a link or a sign-in on the record: 16 hexadecimal digits of the keyed hash, from which nothing follows.
    func name(of token: Secret, _ purpose: KeyedHash.Purpose) -> String {
        Hex.encode(hash.digest(token.expose(), for: purpose).bytes.prefix(8))
    }
}
