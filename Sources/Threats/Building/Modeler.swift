import Core
public import Scan

/// Makes the model of what a folder, or one commit of it, says.
public struct Modeler: Sendable {
    private let assessor: Assessor

    public init(_ assessor: Assessor) { self.assessor = assessor }

    /// - Parameter revision: the files of this commit, from git's object store; nil for those of the folder as they are.
    /// - Throws: what assessing throws.
    @concurrent
    public func model(
        of folder: String, at revision: String? = nil, report: @escaping Assessor.Report = { _ in }
    ) async throws -> ThreatModel {
        let reading = RepositoryReading()
        var request = AssessmentRequest(.path(folder))
        if let revision { request.scope = .at(revision) }
        let assessment = try await assessor.adding(reading).assess(request, report: report)
        return Self.model(reading.result, assessment)
    }

    static func model(_ read: ReadRepository, _ assessment: Assessment) -> ThreatModel {
        var builder = ModelBuilder()
        var compose = ComposeReading()
        compose.read(read.resources, into: &builder)
        var kubernetes = KubernetesReading()
        kubernetes.read(read.resources, into: &builder)
        let cloud = CloudReading(read.resources)
        cloud.read(into: &builder)
        WorkflowReading().read(read.resources, into: &builder)
        var code = CodeBuilding(
            read.code, Components(assessment.inventory.manifests, builds: compose.builds))
        code.build(into: &builder)
        FindingMarks(read.resources, cloud.graph, code.components).mark(assessment.findings, in: &builder)
        var model = builder.model()
        let unchecked = Set(read.unchecked + assessment.unchecked)
        model.unchecked = unchecked.sorted {
            ($0.path, $0.reason.rawValue, $0.detail) < ($1.path, $1.reason.rawValue, $1.detail)
        }
        model.uncheckedCount = max(unchecked.count, assessment.uncheckedCount)
        model.unchecked = Array(model.unchecked.prefix(200))
        model.leftOut = read.leftOut
        let threats = Judge(model).threats()
        model.threats = Array(threats.prefix(Judge.mostThreats))
        if threats.count > Judge.mostThreats { model.cut["threats"] = threats.count - Judge.mostThreats }
        model.score = RiskScore(threats)
        return model
    }
}
