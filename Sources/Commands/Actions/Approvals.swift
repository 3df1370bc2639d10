import ArgumentParser
import Core
import JSON
import Web

struct Approvals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what waits for a person, or show one request with its preview.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The request to show (apr_…); all waiting ones when none is given.") var approval: String?

    func run() async throws {
        let value = try await withHouse(house) { client in
            if let approval { return try await client.get("/api/v1/approvals/\(Percent.encode(approval))") }
            return try await client.get("/api/v1/approvals?state=waiting")
        }
        if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
        if approval != nil { return Terminal.data(ApprovalText.page(value)) }
        let rows = value["approvals"]?.array ?? []
        if rows.isEmpty { return Terminal.say("nothing waits for an approval") }
        Terminal.data(
            Table(columns: ["ID", "EFFECT", "TOOL", "TARGET", "ASKED BY", "EXPIRES"], rows: rows.map(ApprovalText.row))
                .text)
    }
}

struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Approve a request; the action is performed when the last needed approval arrives.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The request (apr_…).") var approval: String
    @Option(help: "Why; recorded.") var reason: String
    @Option(help: "The binding you saw: refused when the request is no longer that one.") var binding: String?

    func run() async throws {
        try await vote("approve", on: approval, reason: reason, binding: binding, house: house, output: output)
    }
}

struct Deny: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Deny a request; the action is not performed.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The request (apr_…).") var approval: String
    @Option(help: "Why; recorded.") var reason: String

    func run() async throws {
        try await vote("deny", on: approval, reason: reason, binding: nil, house: house, output: output)
    }
}

private func vote(
    _ vote: String, on approval: String, reason: String, binding: String?, house: HouseOptions, output: OutputOptions
) async throws {
    var body: JSON = ["reason": .string(reason)]
    if let binding { body["binding"] = .string(binding) }
    let path = "/api/v1/approvals/\(Percent.encode(approval))/\(vote)"
    let request = body
    let value = try await withHouse(house) { client in try await client.post(path, request) }
    if output.json { return Terminal.data(value.text(pretty: true) + "\n") }
    let state = value["approval"]?["state"]?.string ?? value["state"]?.string ?? "recorded"
    Terminal.say("\(approval): \(vote == "approve" ? "approved" : "denied"); the request is \(state)")
}

struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Undo an action by its recorded inverse.",
        discussion: "The undo is an action of its own: decided, previewed and, where policy says so, approved.")

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The action (act_…).") var action: String
    @Option(help: "Why; recorded.") var reason: String?

    func run() async throws {
        let body: JSON = reason.map { ["reason": .string($0)] } ?? [:]
        let path = "/api/v1/actions/\(Percent.encode(action))/undo"
        let value = try await withHouse(house) { client in try await client.post(path, body) }
        if output.json { Terminal.data(value.text(pretty: true) + "\n") }
        try Outcome.report(value, json: output.json, done: "undone")
    }
}
