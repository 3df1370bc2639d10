import Core
import Rego

/// Checks that a tree brings along: Rego files in `.gatehouse/checks`. They add findings and take none away.
struct CustomChecks {
    static let folder = ".gatehouse/checks"

    private var modules: [CheckModule] = []

    static func wants(_ path: String) -> Bool {
        path.hasPrefix(folder + "/") && path.hasSuffix(".rego") && !path.hasSuffix("_test.rego")
    }

    init(_ files: [SourceFile]) {
        for file in files where Self.wants(file.path) {
            modules.append(CheckModule(name: file.path, text: file.bytes))
        }
    }

    /// Nil where there are none, or none that compile: that is told.
    func compile(into out: inout InfrastructureFindings) -> CompiledChecks? {
        guard !modules.isEmpty else { return nil }
        do {
            let checks = try CompiledChecks([CheckLibrary.library] + modules)
            if checks.count == 0 { noteUnread(into: &out) }
            return checks
        } catch let errors as RegoErrors {
            for error in errors.errors.prefix(20) {
                out.unchecked.append(CouldNotCheck(path: error.file, reason: .malformed, detail: "\(error)"))
            }
        } catch {
            out.unchecked.append(CouldNotCheck(path: Self.folder, reason: .malformed, detail: "\(error)"))
        }
        return nil
    }

    /// Checks of one's own that look at nothing are told: they are there for a reason.
    func noteUnread(into out: inout InfrastructureFindings) {
        guard let first = modules.first else { return }
        let detail =
            "no check was run: there are no resources, or no rule below data.gatehouse.checks has a severity"
        out.unchecked.append(CouldNotCheck(path: first.name, reason: .malformed, detail: detail))
    }
}
