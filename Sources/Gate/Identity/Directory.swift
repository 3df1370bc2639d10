import Core

/// Who is known, with which keys and sign-ins, and who was stopped: the state behind ``Identity``, without its storage.
///
/// It holds all of it, so that saying who calls never waits for the disk.
struct Directory: Sendable {
    struct Key: Sendable {
        let id: String
        let principalID: String
        let name: String
        let digest: Digest256
        /// The action that made it, where one did.
        let origin: String?
        let created: Timestamp
        let expires: Timestamp?
        var lastUsed: Timestamp?
        var revoked: Timestamp?

        var shown: APIKey {
            APIKey(
                id: id, principalID: principalID, name: name, created: created, expires: expires, lastUsed: lastUsed,
                revoked: revoked)
        }
    }

    struct SignIn: Sendable {
        let principalID: String
        let started: Timestamp
        var lastSeen: Timestamp
    }

    struct Link: Sendable {
        let principalID: String
        let expires: Timestamp
    }

    private(set) var principals: [String: Principal] = [:]
    private(set) var keys: [String: Key] = [:]
    private(set) var signIns: [Digest256: SignIn] = [:]
    /// Sign-in links that were not used yet.
    private(set) var links: [Digest256: Link] = [:]
    private(set) var stopped: [String: StoppedPrincipal] = [:]
    /// Looked up once each.
    var localNames: [UInt32: String] = [:]
    /// When a principal was last stopped, also where it has been revived: tokens that were issued before stay refused.
    private(set) var lastStop: [String: Timestamp] = [:]
    /// What was used since the last flush.
    private var usedKeys: Set<String> = []
    private var seenSignIns: Set<Digest256> = []

    /// Sign-ins that ended here and are not yet deleted on disk.
    private var endedSignIns: Set<Digest256> = []

    // MARK: Asking

    /// - Throws: `unauthenticated`.
    mutating func principal(ofKey id: String, digest: Digest256, now: Timestamp) throws -> Principal {
        guard let key = keys[id], key.digest == digest else { throw Self.unknownKey }
        if key.revoked != nil { throw Self.refused("the API key \(id) was revoked") }
        if let expires = key.expires, now >= expires { throw Self.refused("the API key \(id) expired at \(expires)") }
        try requireRunning(key.principalID)
        guard let principal = principals[key.principalID] else { throw Self.unknownKey }
        if key.lastUsed.map({ now - $0 >= .seconds(1) }) ?? true {
            keys[id]?.lastUsed = now
            usedKeys.insert(id)
        }
        return principal
    }

    /// The principal whose sign-in it is.
    /// - Throws: `unauthenticated`.
    mutating func signedIn(_ cookie: Digest256, times: ConsoleTimes, now: Timestamp) throws -> String {
        guard let signIn = signIns[cookie] else { throw Self.notSignedIn }
        guard now < signIn.started + times.absolute, now < signIn.lastSeen + times.idle else {
            endSignIn(cookie)
            throw Self.notSignedIn
        }
        if now - signIn.lastSeen >= .seconds(1) {
            signIns[cookie]?.lastSeen = now
            seenSignIns.insert(cookie)
        }
        return signIn.principalID
    }

    /// - Throws: `unauthenticated` for a principal whom the kill switch has stopped.
    func requireRunning(_ principalID: String) throws {
        guard let stop = stopped[principalID] else { return }
        throw Self.refused("\(principalID) was stopped at \(stop.time)", hint: "an admin can revive it")
    }

    /// - Throws: `notFound`.
    func principal(_ id: String) throws -> Principal {
        if let principal = principals[id] { return principal }
        throw GatehouseError(
            "gate", .notFound, "there is no principal \"\(id.prefix(80))\" in the store",
            hint: Suggestion.nearest(to: id, among: principals.keys).map { "did you mean \"\($0)\"?" })
    }

    // MARK: Changing

    mutating func add(_ principal: Principal) { principals[principal.id] = principal }

    mutating func add(_ key: Key) { keys[key.id] = key }

    mutating func add(_ signIn: SignIn, cookie: Digest256) { signIns[cookie] = signIn }

    mutating func remove(principal id: String) {
        principals[id] = nil
        keys = keys.filter { $1.principalID != id }
        endSignIns(of: id)
    }

    mutating func revoke(_ keyID: String, at now: Timestamp) {
        if keys[keyID]?.revoked == nil { keys[keyID]?.revoked = now }
    }

    mutating func endSignIn(_ cookie: Digest256) {
        if signIns.removeValue(forKey: cookie) != nil { endedSignIns.insert(cookie) }
    }

    mutating func add(_ link: Link, _ token: Digest256) { links[token] = link }

    /// Takes the link, so that nobody else can.
    /// - Throws: `unauthenticated` when there is no such link, or no longer.
    mutating func takeLink(_ token: Digest256, now: Timestamp) throws -> String {
        guard let link = links.removeValue(forKey: token), now < link.expires else {
            throw Self.refused(
                "this sign-in link is not known, was used, or has expired", hint: "have a new one made: it works once")
        }
        try requireRunning(link.principalID)
        return link.principalID
    }

    /// Ends sign-ins and links that have expired.
    mutating func expire(_ times: ConsoleTimes, now: Timestamp) {
        links = links.filter { now < $1.expires }
        for (cookie, signIn) in signIns
        where now >= signIn.started + times.absolute || now >= signIn.lastSeen + times.idle {
            endSignIn(cookie)
        }
    }

    /// Ends everything that the principal could act with.
    mutating func stop(_ stop: StoppedPrincipal) {
        stopped[stop.principalID] = stop
        lastStop[stop.principalID] = stop.time
        for key in keys.values where key.principalID == stop.principalID { revoke(key.id, at: stop.time) }
        endSignIns(of: stop.principalID)
    }

    mutating func revive(_ principalID: String) { stopped[principalID] = nil }

    /// For what is read at start: a stop that was revived since.
    mutating func restoreStop(_ stop: StoppedPrincipal, revived: Bool) {
        lastStop[stop.principalID] = stop.time
        stopped[stop.principalID] = revived ? nil : stop
    }

    private mutating func endSignIns(of principalID: String) {
        for (cookie, signIn) in signIns where signIn.principalID == principalID { endSignIn(cookie) }
        links = links.filter { $1.principalID != principalID }
    }

    // MARK: Writing behind

    struct Uses: Sendable {
        var keys: [(id: String, time: Timestamp)] = []
        var signIns: [(cookie: Digest256, time: Timestamp)] = []
        var endedSignIns: [Digest256] = []

        var isEmpty: Bool { keys.isEmpty && signIns.isEmpty && endedSignIns.isEmpty }
    }

    mutating func takeUses() -> Uses {
        let uses = Uses(
            keys: usedKeys.compactMap { id in keys[id]?.lastUsed.map { (id, $0) } },
            signIns: seenSignIns.compactMap { cookie in signIns[cookie].map { (cookie, $0.lastSeen) } },
            endedSignIns: Array(endedSignIns))
        usedKeys = []
        seenSignIns = []
        endedSignIns = []
        return uses
    }

    /// Puts back what could not be written.
    mutating func restoreUses(_ uses: Uses) {
        usedKeys.formUnion(uses.keys.map(\.id))
        seenSignIns.formUnion(uses.signIns.map(\.cookie))
        endedSignIns.formUnion(uses.endedSignIns)
    }

    // MARK: Errors

    static let unknownKey = refused("this API key is not known", hint: "check it for a slip, or have a new one made")
    static let notSignedIn = refused("not signed in, or no longer", hint: "open a new sign-in link")

    static func refused(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("gate", .unauthenticated, message, hint: hint)
    }
}
