import ArgumentParser
import Core
import JSON

struct LedgerHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Place a legal hold: entries that nobody can erase until it is released.")

    @OptionGroup var house: HouseOptions
    @Argument(help: "The first entry.") var from: Int
    @Argument(help: "The last entry.") var to: Int
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        try await act(
            "ledger.hold", on: "ledger:\(from)-\(to)",
            ["from": JSON(from), "to": JSON(to), "reason": .string(reason)], house, done: "the hold is placed")
    }
}

struct LedgerRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "release", abstract: "Release a legal hold.")

    @OptionGroup var house: HouseOptions
    @Argument(help: "The hold: the index of the entry that placed it.") var hold: Int
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        try await act(
            "ledger.release", on: "hold:\(hold)", ["hold": JSON(hold), "reason": .string(reason)], house,
            done: "the hold is released")
    }
}

struct LedgerErase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Ask for what entries say to be erased for good; the ledger still proves.",
        discussion: "Needs the approval of two people. What is under a hold stays.")

    @OptionGroup var house: HouseOptions
    @Argument(help: "The first entry.") var from: Int
    @Argument(help: "The last entry.") var to: Int
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        try await act(
            "ledger.erase", on: "ledger:\(from)-\(to)",
            ["from": JSON(from), "to": JSON(to), "reason": .string(reason)], house, done: "erased")
    }
}

private func act(_ tool: String, on target: String, _ arguments: JSON, _ house: HouseOptions, done: String) async throws
{
    let request: JSON = [
        "tool": .string(tool), "target": .string(target), "arguments": arguments,
        "reason": arguments["reason"] ?? .null,
    ]
    let value = try await withHouse(house) { try await $0.post("/api/v1/actions", request) }
    try Outcome.report(value, json: false, done: done)
}
