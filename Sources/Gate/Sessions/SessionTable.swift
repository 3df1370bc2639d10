import Core

/// A live session, with what a ``Session`` does not show.
struct SessionEntry: Sendable, Hashable {
    struct BreakGlass: Sendable, Hashable {
        let reason: String
        let until: Timestamp
    }

    let id: String
    let principalID: String
    /// As the caller chose it, before the floor.
    let asked: SessionClass
    let started: Timestamp
    let expires: Timestamp
    /// Of a run of a workflow: it is nobody's standing session and is not among those that a principal may have at once,
    /// which is bounded where runs are.
    var isOfRun = false
    /// With the floor applied.
    var inForce: SessionClass
    var labels: Set<Label> = []
    var breakGlass: BreakGlass?
    /// Counts changes; ``saved`` is the count that is on disk.
    var version = 1
    var saved = 0

    func session(at now: Timestamp) -> Session {
        let reason = breakGlass.flatMap { now < $0.until ? $0.reason : nil }
        return Session(
            id: id, principalID: principalID, sessionClass: inForce, labels: labels, started: started, expires: expires,
            breakGlass: reason)
    }
}

/// The live sessions: the state behind ``Sessions``, without its storage.
struct SessionTable: Sendable {
    private struct Standing: Hashable, Sendable {
        let principalID: String
        let className: String
    }

    static let greatestPerPrincipal = 64
    static let greatestNumber = 50_000

    private(set) var classes: [String: SessionClass]
    private(set) var floor: SessionFloor
    private var length: Duration
    private(set) var entries: [String: SessionEntry] = [:]
    private var standing: [Standing: String] = [:]
    private var countOf: [String: Int] = [:]
    /// Whom the kill switch has stopped: they begin none.
    private var barred: Set<String> = []
    /// Of sessions that ended here and are not yet written as ended.
    private(set) var endedUnsaved: [String: Timestamp] = [:]

    init(_ settings: GateSettings) {
        classes = settings.sessionClasses
        floor = settings.floor
        length = settings.sessionLength
    }

    /// Lays a new floor on the sessions that live, too. What a class asks for stays as it was when they entered.
    mutating func reload(_ settings: GateSettings) {
        classes = settings.sessionClasses
        floor = settings.floor
        length = settings.sessionLength
        for id in entries.keys {
            guard let asked = entries[id]?.asked else { continue }
            entries[id]?.inForce = floor.raising(asked)
        }
    }

    // MARK: Entering

    func sessionClass(named name: String?) throws -> SessionClass {
        guard let name, name != SessionClass.standard.name || classes[name] != nil else { return SessionClass.standard }
        if let found = classes[name] { return found }
        let nearest = Suggestion.nearest(to: name, among: classes.keys)
        throw GatehouseError(
            "gate", .invalid, "there is no session class \"\(name.prefix(60))\"",
            hint: nearest.map { "did you mean \"\($0)\"?" }
                ?? "classes are listed under \"sessions\" in the configuration")
    }

    /// The principal's standing session of the class; a new one where there is none.
    mutating func enter(_ principal: Principal, class name: String?, now: Timestamp) throws -> Session {
        let wanted = try sessionClass(named: name)
        let key = Standing(principalID: principal.id, className: wanted.name)
        if let id = standing[key], let session = try? current(id, now: now) { return session }
        let session = try open(principal, wanted, now: now)
        standing[key] = session.id
        return session
    }

    mutating func open(
        _ principal: Principal, _ asked: SessionClass, isOfRun: Bool = false, now: Timestamp
    ) throws -> Session {
        if barred.contains(principal.id) { throw GatehouseError("gate", .denied, "\(principal.id) was stopped") }
        func isFull() -> Bool {
            !isOfRun && countOf[principal.id, default: 0] >= Self.greatestPerPrincipal
                || entries.count >= Self.greatestNumber
        }
        if isFull() { _ = expire(now) }
        guard !isFull() else {
            throw GatehouseError(
                "gate", .exhausted,
                "too many sessions: \(Self.greatestPerPrincipal) each and \(Self.greatestNumber) in all",
                hint: "end some that are no longer used")
        }
        let entry = SessionEntry(
            id: Identifier.make("ses", at: now), principalID: principal.id, asked: asked, started: now,
            expires: now + length, isOfRun: isOfRun,
            inForce: floor.raising(asked))
        insert(entry)
        return entry.session(at: now)
    }

    /// - Throws: `denied` when it is another's, ended or expired, or of another class than is asked for.
    mutating func enter(_ principal: Principal, id: String, class name: String?, now: Timestamp) throws -> Session {
        let session = try current(id, now: now)
        guard session.principalID == principal.id else { throw Self.gone(id) }
        if let name, session.sessionClass.name != name {
            throw GatehouseError(
                "gate", .invalid,
                "session \(id) is of class \"\(session.sessionClass.name)\", not \"\(name.prefix(60))\"",
                hint: "a session keeps its class: enter without naming one, or start another session")
        }
        return session
    }

    /// - Throws: `denied` when there is no such session, or it has ended or expired.
    mutating func current(_ id: String, now: Timestamp) throws -> Session {
        guard let entry = entries[id] else { throw Self.gone(id) }
        guard now < entry.expires else {
            end(id, at: entry.expires)
            throw Self.gone(id)
        }
        return entry.session(at: now)
    }

    /// Puts back what was on disk.
    mutating func restore(_ saved: SessionEntry) {
        var entry = saved
        entry.inForce = floor.raising(entry.asked)
        entry.saved = entry.version
        insert(entry)
        guard !entry.isOfRun else { return }
        let key = Standing(principalID: entry.principalID, className: entry.asked.name)
        if let other = standing[key].flatMap({ entries[$0] }), other.started <= entry.started { return }
        standing[key] = entry.id
    }

    private mutating func insert(_ entry: SessionEntry) {
        entries[entry.id] = entry
        if !entry.isOfRun { countOf[entry.principalID, default: 0] += 1 }
    }

    // MARK: Changing

    mutating func taint(_ id: String, with labels: Set<Label>) {
        guard let known = entries[id]?.labels, !labels.isSubset(of: known) else { return }
        entries[id]?.labels.formUnion(labels)
        entries[id]?.version += 1
    }

    mutating func breakGlass(_ id: String, _ glass: SessionEntry.BreakGlass) {
        entries[id]?.breakGlass = glass
        entries[id]?.version += 1
    }

    mutating func saved(_ id: String, version: Int) {
        guard let known = entries[id]?.saved else { return }
        entries[id]?.saved = max(known, version)
    }

    // MARK: Ending

    /// - Returns: whether it was live.
    @discardableResult
    mutating func end(_ id: String, at time: Timestamp) -> Bool {
        guard let entry = entries.removeValue(forKey: id) else { return false }
        endedUnsaved[id] = time
        guard !entry.isOfRun else { return true }
        let left = countOf[entry.principalID, default: 1] - 1
        countOf[entry.principalID] = left > 0 ? left : nil
        let key = Standing(principalID: entry.principalID, className: entry.asked.name)
        if standing[key] == id { standing[key] = nil }
        return true
    }

    mutating func bar(_ principalID: String) { barred.insert(principalID) }

    mutating func unbar(_ principalID: String) { barred.remove(principalID) }

    mutating func endAll(of principalID: String, at now: Timestamp) {
        for id in entries.values.filter({ $0.principalID == principalID }).map(\.id) { end(id, at: now) }
    }

    /// Ends what has expired.
    /// - Returns: whether anything had.
    mutating func expire(_ now: Timestamp) -> Bool {
        let expired = entries.values.filter { now >= $0.expires }
        for entry in expired { end(entry.id, at: entry.expires) }
        return !expired.isEmpty
    }

    mutating func savedEnd(of ids: some Sequence<String>) {
        for id in ids { endedUnsaved[id] = nil }
    }

    private static func gone(_ id: String) -> GatehouseError {
        GatehouseError(
            "gate", .denied, "session \"\(id.prefix(40))\" is not one of yours, or has ended or expired",
            hint: "enter a new session")
    }
}
