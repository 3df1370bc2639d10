import Core
import Rego
import Synchronization

/// Runs the built-in checks whose resources are there, and a tree's own.
final class CheckEngine: Sendable {
    /// Compiled sets of built-in modules by their names: an assessment of the same kinds of things compiles nothing.
    private let compiled = Mutex<[[String]: CompiledChecks]>([:])

    private let steps: Int

    init(steps: Int) { self.steps = steps }

    func run(_ graph: ResourceGraph, custom: CustomChecks, into out: inout InfrastructureFindings) {
        guard !graph.resources.isEmpty else { return custom.noteUnread(into: &out) }
        let input = graph.input()
        var seen: Set<FoundKey> = []
        let modules = CheckLibrary.modules(for: graph.types)
        if !modules.isEmpty {
            do {
                run(try builtIn(modules), input, graph, &seen, into: &out)
            } catch {
                let detail = "the built-in checks do not compile: \(error)"
                out.unchecked.append(CouldNotCheck(path: "", reason: .ruleLimit, detail: detail))
            }
        }
        if let checks = custom.compile(into: &out) { run(checks, input, graph, &seen, into: &out) }
    }

    private func builtIn(_ modules: [CheckModule]) throws -> CompiledChecks {
        let names = modules.map(\.name)
        if let known = compiled.withLock({ $0[names] }) { return known }
        let checks = try CompiledChecks(modules)
        compiled.withLock { known in
            if known.count >= 64 { known.removeAll() }
            known[names] = checks
        }
        return checks
    }

    /// Instances of one declaration have its flaws once.
    private struct FoundKey: Hashable {
        var rule: String
        var file: String
        var place: Place
    }

    private func run(
        _ checks: CompiledChecks, _ input: RegoValue, _ graph: ResourceGraph, _ seen: inout Set<FoundKey>,
        into out: inout InfrastructureFindings
    ) {
        out.rules += checks.count
        let found = checks.run(input, steps: steps) { package, error in
            let detail = "the checks of \(package) ended with an error: \(error.message)"
            out.unchecked.append(CouldNotCheck(path: "", reason: .ruleLimit, detail: detail))
        }
        for result in found {
            guard let resource = graph.resource(result.resource) else { continue }
            let part = resource.body.part(at: result.path)
            let file = part.file ?? resource.file
            let place = result.path.isEmpty ? resource.start : part.place
            let key = FoundKey(rule: result.check.rule.id, file: file, place: place)
            guard seen.insert(key).inserted else { continue }
            let isOwn = file == resource.file
            let site = Misconfiguration.Site(
                format: resource.format, type: resource.type, name: resource.name, place: resource.body.place,
                path: result.path.map(\.json))
            out.findings.append(
                Misconfiguration(
                    check: result.check, path: file, start: place, subject: Self.subject(resource, result),
                    outer: isOwn ? resource.start : nil, site: isOwn ? site : nil))
        }
    }

    /// Names only: values may be secret.
    private static func subject(_ resource: Resource, _ result: CompiledChecks.Found) -> String {
        var text = resource.address
        if !result.path.isEmpty { text += " " }
        for (index, step) in result.path.enumerated() {
            if let key = step.text {
                text += index == 0 ? key : ".\(key)"
            } else {
                text += "[\(step.jsonKey)]"
            }
        }
        if let message = result.message { text += ": \(message.prefix(200))" }
        return Printable.text(text.utf8.prefix(400))
    }
}
