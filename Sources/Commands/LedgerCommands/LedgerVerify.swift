import ArgumentParser
import Core
import JSON
import Ledger
import Server

struct LedgerVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify every leaf and checkpoint of a ledger or an export; names what is wrong.",
        discussion: """
            Needs no running house: it reads the data folder's ledger, another ledger folder, or an exported file. For an export, \
            give the public key with --key: one that came from elsewhere, not from whom you distrust. With --checkpoint, a log that was \
            rolled back or forked since that checkpoint is found out.
            """)

    @OptionGroup var house: HouseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "A ledger folder or an exported file; the data folder's ledger when not given.") var path: String?
    @Option(help: "The public key, or a file that holds it; the data folder's own when not given.") var key: String?
    @Option(help: "A checkpoint kept from earlier, in a file; may be given again.") var checkpoint: [String] = []

    func run() async throws {
        let held = try checkpoint.map { try SignedNote(parsing: WholeFile.read($0, limit: SignedNote.maximumBytes)) }
        let key = try verifierKey()
        let result: Verification
        if let path, !Folder.exists(path) {
            result = try await Ledger.verify(export: path, key: key, against: held)
        } else {
            result = try await Ledger.verify(directory: path ?? house.dataFolder + "/ledger", key: key, against: held)
        }
        Terminal.data(output.json ? json(result).text(pretty: true) + "\n" : text(result))
        if !result.isSound { throw ExitStatus.found.code }
    }

    private func verifierKey() throws -> VerifierKey {
        guard let key else { return try ownKey() }
        if let parsed = try? VerifierKey(parsing: key) { return parsed }
        let text = String(decoding: try WholeFile.read(key, limit: 4096), as: UTF8.self)
        return try VerifierKey(parsing: text.trimmingNewlines)
    }

    private func ownKey() throws -> VerifierKey {
        let place = house.dataFolder + "/" + House.ledgerPublicKeyName
        do {
            let text = String(decoding: try WholeFile.read(place, limit: 4096), as: UTF8.self)
            return try VerifierKey(parsing: text.trimmingNewlines)
        } catch let error as GatehouseError {
            throw GatehouseError(
                "ledger", .notFound, "no public key to verify with", cause: error.message,
                hint: "give it with --key, or name the data folder with --data")
        }
    }

    private func text(_ result: Verification) -> String {
        var lines = result.problems.map { "\($0.kind.rawValue): \($0.message)" }
        if result.problemCount > result.problems.count {
            lines.append("… \(result.problemCount - result.problems.count) more")
        }
        let signed = result.checkpoint.map { "signed up to \($0.size)" } ?? "not signed"
        lines.append(
            "\(result.size) entries, \(signed), \(result.erased) erased: "
                + (result.isSound
                    ? "verified" : "NOT VERIFIED, \(result.problemCount) problem\(result.problemCount == 1 ? "" : "s")")
        )
        return lines.map { Plain.text($0) + "\n" }.joined()
    }

    private func json(_ result: Verification) -> JSON {
        let problems = result.problems.map { problem -> JSON in
            [
                "kind": .string(problem.kind.rawValue), "message": .string(problem.message),
                "index": problem.index.map { .number(JSONNumber(Int64(clamping: $0))) } ?? .null,
                "place": problem.place.map { .number(JSONNumber(Int64(clamping: $0))) } ?? .null,
            ]
        }
        return [
            "verified": .bool(result.isSound), "entries": .number(JSONNumber(Int64(clamping: result.size))),
            "root": .string(Hex.encode(result.root.bytes)),
            "erased": .number(JSONNumber(Int64(clamping: result.erased))),
            "signed": result.checkpoint.map { .number(JSONNumber(Int64(clamping: $0.size))) } ?? .null,
            "problems": .array(problems), "problem_count": .number(JSONNumber(result.problemCount)),
        ]
    }
}

extension String {
    var trimmingNewlines: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text = text.dropLast() }
        return String(text)
    }
}
