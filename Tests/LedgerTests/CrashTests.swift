import Core
import TestSupport
import Testing

@testable import Ledger

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process of `CrashProbe`, which appends until it is killed.
private struct Probe {
    private let process: ProbeProcess

    static let seed = [UInt8](repeating: 11, count: 32)

    static func key() throws -> SigningKey { try SigningKey(name: "probe.example/log", seed: seed) }

    init(_ directory: String, fileLimit: Int? = nil) throws {
        process = try ProbeProcess(
            "CrashProbe", [directory, Hex.encode(Probe.seed)] + (fileLimit.map { ["\($0)"] } ?? []))
    }

    /// Reads lines until `enough` says so, kills the process, and reads what it had still said.
    func killed(after enough: (Int) -> Bool) throws -> [String] {
        var bytes: [UInt8] = []
        var lines = 0
        var isKilled = false
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(process.output, &chunk, isKilled ? chunk.count : 512)
            guard count > 0 else { break }
            bytes += chunk[..<count]
            lines += chunk[..<count].count { $0 == UInt8(ascii: "\n") }
            if !isKilled, enough(lines) {
                kill(process.process, SIGKILL)
                isKilled = true
            }
        }
        close(process.output)
        var status: CInt = 0
        waitpid(process.process, &status, 0)
        #expect(isKilled, "the probe ended by itself")
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

@Suite(.serialized) struct CrashTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }

    /// Durable or only written: a killed process loses nothing that it was told is there.
    @Test func killedSixtyTimesInTheMiddleOfAppends() async throws {
        let key = try Probe.key()
        var random = SeededRandom(seed: 17)
        var acknowledged: [UInt64: String] = [:]
        var held: [SignedNote] = []
        for round in 0..<60 {
            let wanted = Int.random(in: 0...300, using: &random)
            let fresh = record(try Probe(path).killed { $0 >= wanted }, into: &acknowledged)
            let ledger = try Ledger.open(path, key: key)
            for (index, text) in fresh {
                #expect(try ledger.entry(index).payload == Array(text.utf8), "round \(round)")
            }
            await ledger.close()
            held.append(ledger.latestCheckpoint)
        }
        let ledger = try Ledger.open(path, key: key)
        for (index, text) in acknowledged { #expect(try ledger.entry(index).payload == Array(text.utf8)) }
        await ledger.close()
        let found = try await Ledger.verify(directory: path, key: key.verifierKey, against: held)
        #expect(found.isSound, "\(found.problems)")
        #expect(found.size >= UInt64(acknowledged.count) && acknowledged.count > 1000)
    }

    /// Notes what was acknowledged; the same index twice would mean that something acknowledged was lost.
    private func record(_ lines: [String], into all: inout [UInt64: String]) -> [UInt64: String] {
        var fresh: [UInt64: String] = [:]
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "d" || parts[0] == "w", let index = UInt64(parts[1]) else {
                Issue.record("the probe said \(line)")
                continue
            }
            #expect(all[index] == nil, "entry \(index) was given out twice")
            all[index] = String(parts[2])
            fresh[index] = String(parts[2])
        }
        return fresh
    }

    /// A limit on the file's size fails writes as a full disk does, in the middle of a record.
    @Test func aFullDiskRefusesAndLosesNothing() async throws {
        let key = try Probe.key()
        let lines = try Probe(path, fileLimit: 100_001).killed { $0 >= 2000 }
        let refused = lines.filter { $0.hasPrefix("! ") }
        #expect(!refused.isEmpty)
        #expect(
            refused.allSatisfy { $0.contains("cannot write") && $0.contains("make room") }, "\(refused.first ?? "")")
        var acknowledged: [UInt64: String] = [:]
        let kept = record(lines.filter { !$0.hasPrefix("! ") }, into: &acknowledged)
        let ledger = try Ledger.open(path, key: key)
        // The kill may come between a write that failed half-way and its being taken back; never is there more than that one.
        #expect(ledger.recovery.truncatedBytes < 600)
        for (index, text) in kept { #expect(try ledger.entry(index).payload == Array(text.utf8)) }
        try await ledger.append("there is room again")
        await ledger.close()
        #expect(try await Ledger.verify(directory: path, key: key.verifierKey).isSound)
    }
}

/// A file system of its own, so small that it fills up.
private final class SmallDisk {
    let path: String

    /// Nil where mounting is not allowed.
    init?(_ path: String) throws {
        self.path = path
        try DiskFile.makeDirectory(path)
        guard mount("tmpfs", path, "tmpfs", 0, "size=256k") == 0 else { return nil }
    }

    deinit { umount2(path, CInt(MNT_DETACH)) }
}

/// Devices in place of the log do what a broken disk does.
@Suite struct BrokenDiskTests {
    private let folder = ScratchFolder()
    private var path: String { folder.path + "/ledger" }

    private func open(on device: String) throws -> Ledger {
        try DiskFile.makeDirectory(path)
        #expect(symlink(device, path + "/log") == 0)
        return try Ledger.open(path, key: testKey, options: quiet)
    }

    private func expectStopped(_ ledger: Ledger) async {
        await #expect { try await ledger.append("more") } throws: {
            ($0 as? GatehouseError)?.code == .unavailable && ($0 as? GatehouseError)?.cause != nil
        }
        await #expect(throws: GatehouseError.self) { try await ledger.checkpoint() }
        #expect(ledger.failure?.message.contains("takes no more entries") == true)
        #expect(ledger.durableSize == 0)
        #expect(ledger.latestCheckpoint == (try? LedgerReader.checkpoint(directory: path)))
        await ledger.close()
    }

    /// It takes writes, but cannot make them durable.
    @Test func aSyncThatFailsStopsAllWriting() async throws {
        let ledger = try open(on: "/dev/null")
        await #expect { try await ledger.append("a") } throws: { ($0 as? GatehouseError)?.code == .unavailable }
        await expectStopped(ledger)
    }

    /// Nobody waits for the sync.
    @Test func aSyncThatFailsLaterStopsAllWriting() async throws {
        let ledger = try open(on: "/dev/null")
        try await ledger.append(Array("a".utf8), durability: .written)
        while ledger.failure == nil { try await Task.sleep(for: .milliseconds(1)) }
        await expectStopped(ledger)
    }

    /// It takes no writes, nor can what was written be taken back.
    @Test func aWriteThatCannotBeTakenBackStopsAllWriting() async throws {
        let ledger = try open(on: "/dev/full")
        await #expect { try await ledger.append("a") } throws: { ($0 as? GatehouseError)?.code == .exhausted }
        await expectStopped(ledger)
    }
}

@Suite struct FullDiskTests {
    @Test func appendsGoOnWhenThereIsRoomAgain() async throws {
        let folder = ScratchFolder()
        guard let disk = try SmallDisk(folder.path + "/disk") else {
            return print("not run: this user may not mount a file system")
        }
        try writeFile(disk.path + "/ballast", [UInt8](repeating: 1, count: 100_000))
        let ledger = try Ledger.open(disk.path + "/ledger", key: testKey, options: quiet)
        var count: UInt64 = 0
        var refusal: GatehouseError?
        while refusal == nil, count < 1000 {
            do {
                try await ledger.append(
                    [UInt8](repeating: 7, count: 999), durability: count % 2 == 0 ? .durable : .written)
                count += 1
            } catch {
                refusal = error as? GatehouseError
            }
        }
        #expect(refusal?.code == .exhausted && refusal?.hint?.contains("make room") == true)
        #expect(count > 10 && ledger.size == count && ledger.failure == nil)
        await #expect(throws: GatehouseError.self) { try await ledger.append([UInt8](repeating: 7, count: 9999)) }
        ScratchFolder.remove(disk.path + "/ballast")
        try await ledger.append([UInt8](repeating: 8, count: 9999))
        #expect(try ledger.entry(count).payload?.count == 9999)
        #expect(try ledger.inclusionProof(count).holds)
        await ledger.close()
        let found = try await Ledger.verify(directory: disk.path + "/ledger", key: testKey.verifierKey)
        #expect(found.isSound && found.size == count + 1, "\(found.problems)")
    }
}
