import Core
import Flow

/// A workflow's file that a command was given.
enum WorkflowFile {
    private static let mostBytes = 1 << 20

    /// - Throws: ``WorkflowProblems`` for what is no workflow; `GatehouseError` for a file that cannot be read.
    static func read(_ path: String) throws -> Workflow {
        let bytes =
            path == "-"
            ? try StandardInput.read(limit: mostBytes) : try WholeFile.read(path, limit: mostBytes)
        return try WorkflowReader.read(bytes, file: path == "-" ? "stdin" : path)
    }
}
