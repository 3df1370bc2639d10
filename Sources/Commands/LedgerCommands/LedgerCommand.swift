import ArgumentParser
import Core
import JSON

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look at the record, prove what is in it, verify it, take it away.",
        subcommands: [
            LedgerShow.self, LedgerVerify.self, LedgerProve.self, LedgerCheckpoint.self, LedgerExport.self,
            LedgerKey.self,
            LedgerHold.self, LedgerRelease.self, LedgerErase.self,
        ],
        defaultSubcommand: LedgerShow.self)
}

struct LedgerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the newest entries, or one of them whole.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "An entry's index.") var index: UInt64?
    @Option(help: "How many of the newest.") var last: Int = 20

    func run() async throws {
        let path = index.map { "/api/v1/ledger/\($0)" } ?? "/api/v1/ledger?limit=\(max(1, min(last, 1000)))"
        let value = try await withHouse(house) { try await $0.get(path) }
        if output.json || index != nil { return Terminal.data(value.text(pretty: true) + "\n") }
        let rows = (value["entries"]?.array ?? []).reversed().map(Self.row)
        Terminal.data(
            Table(columns: ["INDEX", "TIME", "WHAT", "TOOL", "TARGET", "PRINCIPAL", "STATE"], rows: rows).text)
    }

    private static func row(_ entry: JSON) -> [String] {
        let payload = entry["payload"] ?? [:]
        let what = entry["erased"]?.bool == true ? "erased" : payload["type"]?.string ?? entry["kind"]?.string ?? ""
        let state = payload["state"]?.string ?? payload["decision"]?["verdict"]?.string ?? ""
        return [entry["index"]?.int.map { String($0) } ?? "", entry["time"]?.string ?? "", what]
            + ["tool", "target", "principal"].map { payload[$0]?.string ?? "" } + [state]
    }
}

struct LedgerProve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that an entry is in the ledger, or that the ledger only grew between two sizes.",
        discussion: "Inclusion: gatehouse ledger prove 17. Consistency: gatehouse ledger prove --from 100 --to 250.")

    @OptionGroup var house: HouseOptions
    @Argument(help: "The entry's index.") var index: UInt64?
    @Option(help: "The smaller size.") var from: UInt64?
    @Option(help: "The greater size, or the size to prove inclusion in; now, when not given.") var to: UInt64?

    func validate() throws {
        guard (index == nil) != (from == nil) else { throw ValidationError("give either an entry's index or --from") }
    }

    func run() async throws {
        var path: String
        if let index {
            path = "/api/v1/ledger/\(index)/proof" + (to.map { "?size=\($0)" } ?? "")
        } else {
            path = "/api/v1/ledger/consistency?from=\(from ?? 0)" + (to.map { "&to=\($0)" } ?? "")
        }
        let request = path
        let value = try await withHouse(house) { try await $0.get(request) }
        Terminal.data(value.text(pretty: true) + "\n")
        if value["verified"]?.bool != true { throw ExitStatus.found.code }
    }
}

struct LedgerCheckpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the ledger as it stands and print the checkpoint; keep it somewhere else.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let value = try await withHouse(house) { try await $0.get("/api/v1/ledger/checkpoint") }
        Terminal.data(output.json ? value.text(pretty: true) + "\n" : value["note"]?.string ?? "")
    }
}

struct LedgerExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print everything as JSON Lines, which `ledger verify` checks with the public key alone.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await withHouse(house) { client in try await client.stream("/api/v1/ledger/export") { Terminal.data($0) } }
    }
}

struct LedgerKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print the public key that checkpoints verify with.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let value = try await withHouse(house) { try await $0.get("/api/v1/ledger/key") }
        Terminal.data((value["key"]?.string ?? "") + "\n")
    }
}
