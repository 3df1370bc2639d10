import Core
import Gate
import JSON
import Ledger
import Store
import TestSupport
import Testing

@testable import Flow

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process of `FlowProbe`, which runs a workflow and undoes it until it is killed.
private struct Probe {
    private let process: ProbeProcess

    static let seed = [UInt8](repeating: 11, count: 32)

    static func key() throws -> SigningKey { try SigningKey(name: "probe.example/log", seed: seed) }

    init(_ folder: String, finishes: Bool = false) throws {
        process = try ProbeProcess("FlowProbe", [folder, Hex.encode(Probe.seed)] + (finishes ? ["finish"] : []))
    }

    /// Kills it once it has said so many lines, and perhaps a moment after: in the middle of whatever it does then.
    /// - Returns: whether it was killed, and had not ended by itself.
    func killed(after lines: Int, delay: UInt32) -> Bool {
        for _ in 0..<lines { if process.line() == nil { break } }
        usleep(delay)
        return process.killed()
    }

    func status() -> CInt? { process.status() }
}

@Suite("Runs whose process is killed", .serialized) struct KillTests {
    private let folder = ScratchFolder()

    @Test("Forty times, in the middle of whatever: nothing is done twice, nothing is left out, the ledger is sound")
    func killed() async throws {
        var random = SeededRandom(seed: UInt64.random(in: 0...1 << 32))
        var kills = 0
        for _ in 0..<40 {
            let probe = try Probe(folder.path)
            let lines = Int.random(in: 0...30, using: &random)
            if probe.killed(after: lines, delay: UInt32.random(in: 0...20_000, using: &random)) { kills += 1 }
        }
        #expect(kills == 40, "the probe ended by itself")
        #expect(try Probe(folder.path, finishes: true).status() == 0)
        try await checkRuns()
        let verified = try await Ledger.verify(
            directory: folder.file("ledger"), key: try Probe.key().verifierKey, against: [])
        #expect(verified.isSound, "\(verified.problems)")
    }

    /// What a run does and undoes, each once.
    private static let deeds: Set<String> = {
        let made = (0..<5).map { "each/\($0)" } + ["make/0", "last/0"]
        return Set(made + made.map { "undo/\($0)" })
    }()

    private func checkRuns() async throws {
        let store = try Store.open(
            path: folder.file("probe.db"), migrations: Gate.migrations + FlowEngine.migrations)
        let journal = Journal(store: store)
        let runs = try await journal.records(
            workflow: nil, status: nil, principal: nil, parent: nil, limit: 1000, before: nil)
        #expect(runs.count >= 2)
        var done = try deeds()
        for run in runs {
            let state = try await journal.load(run.id)
            #expect(state.status == run.status && run.status == .undone && state.entries == run.entries)
            let mine = done.removeValue(forKey: run.id) ?? [:]
            #expect(Set(mine.keys) == Self.deeds, "\(run.id)")
            #expect(mine.allSatisfy { $0.value == 1 }, "\(mine.filter { $0.value > 1 })")
        }
        #expect(done.isEmpty)
        try store.close()
    }

    /// How often each was done, by run and by step and element, whichever attempt it was.
    private func deeds() throws -> [String: [String: Int]] {
        var found: [String: [String: Int]] = [:]
        for line in try text(of: folder.file("deeds")).split(separator: "\n") {
            let words = line.split(separator: "/")
            found[String(words[0]), default: [:]][words.dropFirst().dropLast().joined(separator: "/"), default: 0] += 1
        }
        return found
    }

    private func text(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw Unexpected("no \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
