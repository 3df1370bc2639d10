import Core
import JSON
import Ledger
import Store
import Testing

@testable import Gate

/// A ledger that is written into, and the retention over it. Days pass by the test's clock.
final class Archive: Sendable {
    let house: House
    var ledger: Ledger { house.ledger }
    var retention: Retention { house.gate.retention }

    init(_ house: House) { self.house = house }

    static func open(_ settings: GateSettings = .weekAndQuarter, world: World = World()) async throws -> Archive {
        Archive(try await House.open(world: world, settings: settings))
    }

    /// As after the end of the process.
    func reopened(_ settings: GateSettings = .weekAndQuarter) async throws -> Archive {
        Archive(try await house.reopened(settings: settings))
    }

    func pass(days: Int) { house.clock.advance(by: .seconds(days * 86_400)) }

    /// As if the process had run all the time, and been busy elsewhere.
    func follow() async throws {
        let now = house.clock.now()
        try await house.store.write { tx in
            try tx.execute(
                "INSERT INTO gate_retention_time (id, time) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET time = excluded.time",
                [.time(now)])
        }
    }

    /// Turns until nothing is left to do.
    /// - Returns: how many entries were erased.
    @discardableResult
    func settle() async throws -> Int {
        try await follow()
        var erased = 0
        for _ in 0..<100 {
            let turn = try await retention.turn(at: house.clock.now(), elapsed: .zero)
            erased += turn.erased
            if !turn.isBehind { return erased }
        }
        throw Unexpected("it does not come to an end")
    }

    /// Writes entries as the recorder does, of a session whose class keeps them for so many days.
    func write(_ count: Int = 1, days: Int, action: String = "act_gone", session: String = "ses_1") async throws {
        let entry: JSON = [
            "v": 1, "type": "intent", "action": .string(action), "session": .string(session), "class": "some",
            "retention": JSON(days * 86_400),
        ]
        for _ in 0..<count { try await ledger.append(entry.bytes(), durability: .written) }
    }

    func erased() throws -> [UInt64] {
        try ledger.entries(0..<ledger.size).filter(\.isErased).map(\.index)
    }

    /// The records of erasures.
    func erasures() throws -> Int { try ledger.entries(0..<ledger.size).filter { $0.kind == .erasure }.count }

    func verify(against known: SignedNote? = nil) async throws {
        _ = try await ledger.checkpoint()
        let found = try await Ledger.verify(
            directory: ledger.directory, key: ledger.verifierKey, against: known.map { [$0] } ?? [])
        #expect(found.isSound, "\(found.problems)")
        #expect(found.erased == UInt64(try erased().count))
    }
}

extension GateSettings {
    static let weekAndQuarter = weekAndQuarter()

    static func weekAndQuarter(floor days: Int = 0, system: Duration? = nil) -> GateSettings {
        let classes = ["week": 7, "quarter": 90].map { name, days in
            (name, SessionClass(name: name, retention: .seconds(days * 86_400), logging: .required, approval: .auto))
        }
        return GateSettings(
            sessionClasses: Dictionary(uniqueKeysWithValues: classes),
            floor: SessionFloor(retention: .seconds(days * 86_400)), systemRetention: system)
    }
}
