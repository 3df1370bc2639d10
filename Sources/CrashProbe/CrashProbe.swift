import Core
import Ledger

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Appends to a ledger until it is killed, and says on its standard output what was acknowledged: `d INDEX TEXT` for a
/// durable append, `w INDEX TEXT` for a written one. The ledger's tests kill it and look whether all of that is there.
///
/// `CrashProbe DIRECTORY SEED [FILE-SIZE-LIMIT]`: the seed (hex) is the signing key's; beyond the limit, in bytes,
/// writing fails as on a full disk, and the probe prints `! MESSAGE` for each append that was refused.
@main
struct CrashProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let seed = Hex.decode(arguments[2]) else {
            throw GatehouseError("probe", .invalid, "usage: CrashProbe DIRECTORY SEED [FILE-SIZE-LIMIT]")
        }
        if arguments.count > 3, let limit = rlim_t(arguments[3]) { limitFiles(to: limit) }
        var options = Ledger.Options()
        options.checkpointEntries = 64
        let key = try SigningKey(name: "probe.example/log", seed: seed)
        let ledger = try Ledger.open(arguments[1], key: key, options: options)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask { await append(to: ledger, as: writer) }
            }
        }
    }

    private static func append(to ledger: Ledger, as writer: Int) async {
        var number = 0
        while true {
            let text = "writer \(writer) number \(number) \(String(repeating: "x", count: number % 300))"
            let durability: Ledger.Durability = writer.isMultiple(of: 2) ? .durable : .written
            do {
                let receipt = try await ledger.append(Array(text.utf8), durability: durability)
                say("\(durability == .durable ? "d" : "w") \(receipt.index) \(text)\n")
            } catch {
                say("! \(error)\n")
            }
            number += 1
        }
    }

    /// One write, so that a line is whole or absent.
    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    private static func limitFiles(to bytes: rlim_t) {
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
        setrlimit(__rlimit_resource_t(1), &limit)
    }
}
