import Core

/// What scanners say of texts in memory.
package struct Examination: Sendable {
    package var findings: [Finding] = []
    package var unchecked: [CouldNotCheck] = []
}

extension Assessor {
    /// Lets one scanner look at files as it would in an assessment: so it is told whether a change of them takes a
    /// finding away. What lies within archives and notebooks is not looked at.
    ///
    /// - Parameter source: the scanner's id.
    @concurrent
    package func examine(_ files: [TreeFile], by source: String) async -> Examination {
        let limits = AssessmentLimits.standard
        var tally = Tally()
        let looking = scanners.filter { $0.id == source }
        if !looking.isEmpty { Self.look(at: files, looking, limits, &tally) }
        var outcome = TreeOutcome()
        for scanner in trees where scanner.id == source {
            let wanted = files.filter { scanner.reads(Printable.text($0.path)) && scanner.keeps($0) }
            if !wanted.isEmpty { outcome = await scanner.scan(wanted, limits: limits) }
        }
        var builder = FindingsBuilder(baseline: nil, time: clock.now())
        builder.add(tree: tally.hits + outcome.hits)
        return Examination(findings: builder.findings(), unchecked: tally.unchecked + outcome.unchecked)
    }

    private static func look(
        at files: [TreeFile], _ scanners: [any ContentScanner], _ limits: AssessmentLimits, _ tally: inout Tally
    ) {
        var scan = ContentScan(scanners: scanners, limits: limits)
        for file in files {
            scan.begin(file.path)
            file.bytes.withUnsafeBytes { scan.append($0) }
            tally.take(scan.finish(), of: file.path)
        }
    }

    /// The same, looking for the rules of the configuration and of the folder too.
    package func adding(rulesOf folder: AssessedFolder) throws -> Assessor {
        var ignored = Tally()
        var scanners = scanners
        for own in [rules.rules, RepositoryRules.load(folder.reader, &ignored)] where !own.isEmpty {
            scanners = try scanners.map { try $0.adding(own) }
        }
        return Assessor(scanners: scanners, trees: trees, clock: clock)
    }

    /// Whether the scanner wants files of this name.
    package func reads(_ path: String, by source: String) -> Bool {
        trees.contains { $0.id == source && $0.reads(path) }
    }
}
