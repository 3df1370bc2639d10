import Core
import JSON

/// Asks a house for fixes, and to apply them.
struct FixRun: Sendable {
    let options: FixOptions
    let isQuiet: Bool
    let isJSON: Bool
    let client: HouseClient

    /// What became of it, for after the house is left.
    struct Outcome: Sendable {
        var shown: JSON
        /// Answers to the actions that were submitted.
        var applied: [JSON] = []

        /// - Throws: the exit status where something waits for an approval.
        func deliver(json: Bool, quiet: Bool) throws {
            if json {
                var value = shown
                if !applied.isEmpty { value["applied"] = .array(applied) }
                Terminal.data(value.text(pretty: true) + "\n")
            } else {
                Terminal.data(FixText(color: Terminal.showsColor).page(shown))
            }
            var isWaiting = false
            for result in applied {
                isWaiting = isWaiting || result["state"]?.string == "waiting"
                if !quiet { FixText.tell(result) }
            }
            if isWaiting { throw ExitStatus.waiting.code }
        }
    }

    /// - Parameter assessed: the answer of `scan.assess`.
    func run(_ assessed: JSON) async throws -> Outcome {
        let findings = assessed["findings"]?.array ?? []
        let open = findings.filter { isMeant($0) }
        for id in options.finding where !open.contains(where: { $0["id"]?.string == id }) {
            throw GatehouseError(
                "gatehouse", .notFound, "\(id.prefix(64)) is no open finding of this assessment",
                hint: "assess without --fix, and name one of its findings")
        }
        let path = assessed["target"]?.string ?? "."
        let shown = try await show(path, open)
        var outcome = Outcome(shown: shown)
        guard options.apply else { return outcome }
        for group in groups(shown) { outcome.applied.append(try await apply(path, group, of: open, shown)) }
        return outcome
    }

    private func isMeant(_ finding: JSON) -> Bool {
        guard finding["state"]?.string == "open", let id = finding["id"]?.string else { return false }
        return (options.rule.isEmpty || options.rule.contains(finding["rule"]?.string ?? ""))
            && (options.finding.isEmpty || options.finding.contains(id))
    }

    private func show(_ path: String, _ findings: [JSON]) async throws -> JSON {
        guard !findings.isEmpty else { return ["path": .string(path), "fixes": [], "not_fixed": [], "diff": ""] }
        var arguments: JSON = [
            "path": .string(path), "findings": .array(findings.prefix(10_000).compactMap { $0["id"] }),
        ]
        if options.runPackageManagers { arguments["run_package_managers"] = true }
        return try await submit(["tool": "scan.fix", "target": .string("repo:\(path)"), "arguments": arguments])[
            "answer"] ?? [:]
    }

    /// What is one action: each fix, or all of them, those that take secrets out apart, as these cannot be undone.
    private func groups(_ shown: JSON) -> [[JSON]] {
        let fixes = shown["fixes"]?.array ?? []
        if options.each { return fixes.map { [$0] } }
        if options.branch != nil { return fixes.isEmpty ? [] : [fixes] }
        let secrets = fixes.filter { $0["kind"]?.string == "secret" }
        let others = fixes.filter { $0["kind"]?.string != "secret" }
        return [others, secrets].filter { !$0.isEmpty }
    }

    /// Each group is made anew on the folder as it is by then: what was shown stood on the fixes before it.
    private func apply(_ path: String, _ group: [JSON], of findings: [JSON], _ shown: JSON) async throws -> JSON {
        let ids = Set(group.compactMap { $0["finding"]?.string })
        let isAll = ids.count == shown["fixes"]?.array?.count
        let meant = findings.filter { ids.contains($0["id"]?.string ?? "") }
        let own = isAll ? shown : try await show(path, meant)
        guard var request = own["apply"] else {
            throw GatehouseError("gatehouse", .conflict, "the fixes are gone: the folder has changed meanwhile")
        }
        if let branch = options.branch { request["arguments"]?["branch"] = .string(branch) }
        if let reason = options.reason { request["reason"] = .string(reason) }
        return try await submit(request)
    }

    private func submit(_ request: JSON) async throws -> JSON {
        var line = ProgressLine { Terminal.write(toError: $0) }
        defer { line.finish() }
        return try await client.submit(request) { event in
            guard !isQuiet, let stage = event["stage"]?.string else { return }
            line.show(stage: stage, done: event["done"]?.int ?? 0, total: event["total"]?.int)
        }
    }
}
