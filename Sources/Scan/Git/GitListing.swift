import Core
import Subprocess

extension Git {
    /// Runs git and gives its output as it comes; no more is held than one buffer.
    ///
    /// - Throws: `unavailable` when git is missing or ends with a failure.
    func stream(in folder: String, _ arguments: [String], _ body: (UnsafeRecords) async throws -> Void) async throws {
        do {
            let result = try await Subprocess.run(
                configuration(in: folder, arguments), input: .none, output: .sequence, error: .discarded
            ) { execution in
                for try await buffer in execution.standardOutput { try await body(UnsafeRecords(buffer)) }
            }
            guard result.terminationStatus.isSuccess else {
                throw GatehouseError(
                    "scan", .unavailable, "git \(arguments.first ?? "") failed: \(result.terminationStatus)")
            }
        } catch let error as SubprocessError {
            throw Git.translated(error)
        }
    }

    /// A piece of git's output.
    struct UnsafeRecords {
        private let buffer: SubprocessOutputSequence.Buffer

        init(_ buffer: SubprocessOutputSequence.Buffer) { self.buffer = buffer }

        func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            try buffer.bytes.withUnsafeBytes(body)
        }
    }

    /// The files of a work tree as `git ls-files` has them: those in the index and those that are neither there nor
    /// ignored.
    func listWorkTree(
        _ folder: String, ignoring own: IgnoreRules?, skipped: (Inventory.Skip) -> Void,
        hand: ([[UInt8]]) async throws -> Void
    ) async throws {
        var splitter = RecordSplitter(end: 0)
        var batch: [[UInt8]] = []
        var last: [UInt8] = []
        try await stream(in: folder, ["ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard"]) { piece in
            for record in piece.withBytes({ splitter.take($0) }) {
                // `H path`; an unmerged file comes once for each side.
                guard record.count > 2 else { continue }
                let path = Array(record[2...])
                if path == last { continue }
                last = path
                if record[0] == UInt8(ascii: "S") {
                    skipped(.sparse)
                } else if own?.excludes(path) == true {
                    skipped(.ignored)
                } else {
                    batch.append(path)
                }
                if batch.count == FileScan.batch {
                    try await hand(batch)
                    batch = []
                }
            }
        }
        if !batch.isEmpty { try await hand(batch) }
    }
}
