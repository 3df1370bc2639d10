/// Infrastructure as code, pipelines and containers: files are read into one model of resources, and checks that are
/// Rego policies judge them. See docs/infrastructure.md.
public struct InfrastructureScanner: TreeScanner {
    static let id = "scan.infrastructure"
    public var id: String { Self.id }
    private let checks: CheckEngine
    var helm = HelmRenderer()

    /// - Parameter steps: of evaluation that the checks of one package may take.
    public init(steps: Int = 20_000_000) { checks = CheckEngine(steps: steps) }

    public func reads(_ path: String) -> Bool {
        if CustomChecks.wants(path) || HelmRenderer.wants(path) { return true }
        let name = FilePath.split(path).name
        return TerraformReader.wants(name) || DockerfileReader.wants(name) || StructuredReader.wants(name)
    }

    public func keeps(_ file: TreeFile) -> Bool {
        let source = SourceFile(path: Printable.text(file.path), bytes: file.bytes)
        let name = FilePath.split(source.path).name
        if HelmRenderer.wants(source.path) { return true }
        if StructuredReader.wants(name), !TerraformReader.wants(name) {
            return StructuredReader.kind(of: source) != nil
        }
        return true
    }

    public func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome {
        let sources = files.map { SourceFile(path: Printable.text($0.path), bytes: $0.bytes) }.sorted {
            $0.path < $1.path
        }
        let rendering = await helm.render(sources)
        return scan(sources, rendering).outcome(sources + rendering.files, source: id)
    }

    func scan(_ files: [SourceFile], _ rendering: HelmRendering = HelmRendering()) -> InfrastructureFindings {
        guard !files.isEmpty else { return InfrastructureFindings() }
        let found = ReadResources(files, rendering)
        var out = InfrastructureFindings()
        out.unchecked = found.unchecked
        checks.run(ResourceGraph(found.resources), custom: CustomChecks(files), into: &out)
        return out
    }
}

extension InfrastructureScanner {
    /// What files of its kinds declare, without a judgement of it.
    package func read(_ files: [TreeFile]) async -> ReadResources {
        let sources = files.map { SourceFile(path: Printable.text($0.path), bytes: $0.bytes) }.sorted {
            $0.path < $1.path
        }
        return ReadResources(sources, await helm.render(sources))
    }
}

/// What the readers of the formats come to.
package struct ReadResources: Sendable {
    package var resources: [Resource] = []
    package private(set) var unchecked: [CouldNotCheck] = []

    init() {}

    init(_ files: [SourceFile], _ rendering: HelmRendering) {
        TerraformReader(files).read(into: &self)
        for file in files {
            if DockerfileReader.wants(FilePath.split(file.path).name) { DockerfileReader.read(file, into: &self) }
        }
        StructuredReader.read(files, rendering, into: &self)
    }

    /// A part of a file that could not be read.
    mutating func note(_ file: String, _ detail: String) {
        unchecked.append(CouldNotCheck(path: file, reason: .malformed, detail: detail))
    }
}
