import Config
import Core
import Crypto

/// Reads a workflow's file: YAML, or JSON as a part of it. docs/workflows.md is the format.
public enum WorkflowReader {
    /// Bytes, levels and values of one file.
    static var limits: ConfigLimits { ConfigLimits() }

    /// - Parameter file: what messages call it.
    /// - Throws: all that is wrong with its form, and once that is right, with what it refers to within itself.
    public static func read(_ bytes: [UInt8], file: String) throws(WorkflowProblems) -> Workflow {
        var problems = Problems(limit: WorkflowProblems.limit)
        let raw = YAMLReader.read(bytes, file: file, limits: limits, problems: &problems)
        try refuse(problems, file)
        guard let raw, !raw.isNull else {
            let hint = "a workflow has at least a name and steps"
            throw WorkflowProblems(
                file: file, [WorkflowProblem(Place(line: 1, column: 1), "", "the file is empty", hint: hint)])
        }
        var reader = FormatReader(problems: problems, lines: SourceLines(bytes))
        let node = reader.read(raw, .object(.workflow), "")
        try refuse(reader.problems, file)
        guard let node else { throw WorkflowProblems(file: file, []) }
        var builder = WorkflowBuilder(version: "sha256:\(Hex.encode(SHA256.hash(data: bytes)))")
        let workflow = builder.workflow(node)
        let found = builder.problems + StructureCheck(workflow).problems
        guard found.isEmpty else { throw WorkflowProblems(bounding: found, file: file) }
        return workflow
    }

    private static func refuse(_ problems: Problems, _ file: String) throws(WorkflowProblems) {
        guard problems.count > 0 else { return }
        let found = problems.errors.map { WorkflowProblem(Place($0.place), $0.path, $0.message, hint: $0.hint) }
        throw WorkflowProblems(file: file, found, suppressed: problems.suppressed)
    }
}

extension WorkflowProblems {
    /// The first of them, and how many there are beside.
    init(bounding problems: [WorkflowProblem], file: String) {
        let limit = Self.limit
        self.init(file: file, Array(problems.prefix(limit)), suppressed: max(0, problems.count - limit))
    }
}
