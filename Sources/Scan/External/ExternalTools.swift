import Core
import Formats
import JSON
import Synchronization

/// The tools that may be run, with their settings, which change while the house runs.
public final class ExternalTools: Sendable {
    public let registry: [ExternalTool]
    private let held: Mutex<ExternalToolSettings>

    public init(
        _ settings: ExternalToolSettings = ExternalToolSettings(), registry: [ExternalTool] = ExternalTool.all
    ) {
        self.registry = registry
        held = Mutex(settings)
    }

    public var settings: ExternalToolSettings {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }

    /// What is run in an assessment that names these: those of the settings too, each once.
    /// - Parameter isLocal: whether a user of this machine asks, who may name any.
    /// - Throws: `invalid` for a name that is none, `denied` for one that callers from elsewhere may not name.
    func chosen(_ names: [String], isLocal: Bool) throws(GatehouseError) -> [String] {
        let always = settings.always
        for name in names where !registry.contains(where: { $0.id == name }) {
            let near = Suggestion.nearest(to: name, among: registry.map(\.id)).map { "did you mean \($0)?" }
            throw GatehouseError(
                "scan", .invalid, "\(AssessTool.id): no tool is called \(name.prefix(64))",
                hint: near ?? "there are \(registry.map(\.id).joined(separator: ", ")); of others, give SARIF reports")
        }
        if !isLocal, let other = names.first(where: { !always.contains($0) }) {
            throw GatehouseError(
                "scan", .denied, "\(AssessTool.id): from elsewhere, \(other) may not be run",
                hint: "have it put under assess.tools.run in the configuration, or give its SARIF report")
        }
        var seen: Set<String> = []
        return (always + names).filter { seen.insert($0).inserted }
    }

    /// Why a tool has no report; in words that go after its name.
    struct Failure: Error, Sendable {
        var detail: String
    }

    /// Runs a tool on a folder or file.
    func run(_ name: String, on target: String) async -> Result<ToolReport, Failure> {
        guard let tool = registry.first(where: { $0.id == name }) else {
            return .failure(Failure(detail: "is not known"))
        }
        let settings = settings
        do {
            return .success(
                try await TemporaryFolder.with { folder in
                    let process = ToolProcess(tool, settings, folder: folder)
                    let version = try await process.version()
                    let bytes = try await process.report(on: target)
                    let report = ToolReport(name: name, bytes: bytes, origin: .run, version: version)
                    guard !report.log.runs.isEmpty else {
                        let why = report.log.problems.first.map { ": its report \($0)" } ?? ""
                        throw Failure(detail: "ended without a report that can be read\(why)")
                    }
                    return report
                })
        } catch let failure as Failure {
            return .failure(failure)
        } catch {
            return .failure(Failure(detail: "could not be run: \(error)"))
        }
    }
}
