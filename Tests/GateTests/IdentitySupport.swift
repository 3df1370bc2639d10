import Core
import Foundation
import Store
import Synchronization
import TestSupport

@testable import Gate

/// A folder with a store in it, and the clock by which its rooms live.
final class Premises: Sendable {
    static let start = Timestamp("2026-03-10T12:00:00Z") ?? Timestamp(seconds: 0)
    static let secretKey = [UInt8](0..<32)

    private let scratch = ScratchFolder()
    var folder: String { scratch.path }
    let clock = ManualWallClock(Premises.start)

    func store() throws -> Store {
        try Store.open(
            path: folder + "/gate.db", migrations: Identity.migrations + Sessions.migrations + Budgets.migrations,
            clock: clock)
    }

    /// As after a start of the process.
    func open(_ settings: GateSettings = .standard, fetcher: (any JWKSFetcher)? = nil) async throws -> Rooms {
        let store = try store()
        let sessions = try await Sessions(store: store, settings: settings, clock: clock)
        let identity = try await Identity(
            store: store, secretKey: Self.secretKey, settings: settings, sessions: sessions, clock: clock,
            fetcher: fetcher)
        let budgets = try await Budgets(store: store, settings: settings, clock: clock)
        return Rooms(store: store, identity: identity, sessions: sessions, budgets: budgets)
    }
}

struct Rooms: Sendable {
    let store: Store
    let identity: Identity
    let sessions: Sessions
    let budgets: Budgets

    /// What a kill leaves behind: the files, as they are.
    func vanish() throws { try store.close() }
}

extension Principal {
    static func sample(_ name: String = "ada", kind: Kind = .person, roles: Set<String> = ["developer"]) -> Principal {
        Principal(id: "prn_\(name)", kind: kind, name: name, roles: roles)
    }
}

/// The code of the error that the body throws; nil when it throws none.
func codeThrown(_ body: () async throws -> Void) async -> GatehouseError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? GatehouseError)?.code
    }
}

/// What the body throws, in words.
func messageThrown(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return ""
    } catch {
        return String(describing: error)
    }
}
