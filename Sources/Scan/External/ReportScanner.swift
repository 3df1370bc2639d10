import Formats
import JSON

/// What other tools reported, as findings: their words for what is wrong, our own for where it is, how it is told again
/// and what of the text may be shown. Wants the files that results point at.
struct ReportScanner: TreeScanner {
    static let id = "scan.external"

    var id: String { Self.id }
    var isAlwaysAsked: Bool { true }

    private let reports: [ToolReport]
    /// The folder that is assessed, as it is and as it was named, with slashes at their ends.
    private let roots: [String]
    private let secrets: KnownSecrets
    /// Whether files that did not change were not looked at, so that results about them say nothing.
    private let isPart: Bool
    private let wanted: Set<String>

    /// Results outside of the files that are told one by one.
    private static let placesTold = 3

    init(_ reports: [ToolReport], roots: [String], scanners: [any ContentScanner], isPart: Bool) {
        self.reports = reports
        self.roots = roots.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        secrets = KnownSecrets(scanners: scanners)
        self.isPart = isPart
        var wanted: Set<String> = []
        for run in reports.flatMap(\.log.runs) {
            for result in run.results { wanted.formUnion(Self.candidates(result.path, run, self.roots)) }
        }
        self.wanted = wanted
    }

    func reads(_ path: String) -> Bool { wanted.contains(path) }

    /// What a result's path may be here, the likeliest first.
    private static func candidates(_ path: SARIF.ReadPath?, _ run: SARIF.ReadRun, _ roots: [String]) -> [String] {
        guard let path else { return [] }
        var found: [String] = []
        if let absolute = path.absolute {
            for root in roots + run.roots where absolute.hasPrefix(root) {
                found.append(String(absolute.dropFirst(root.count)))
            }
        }
        if let relative = path.relative { found.append(relative) }
        return found.filter { !$0.isEmpty }.map { Printable.text($0.utf8) }
    }

    @concurrent
    func scan(_ files: [TreeFile], limits: AssessmentLimits) async -> TreeOutcome {
        var outcome = TreeOutcome()
        var reading = Reading(
            files: Dictionary(files.map { (Printable.text($0.path), $0) }, uniquingKeysWith: { first, _ in first }))
        for report in reports {
            for problem in report.log.problems { outcome.unchecked.append(Self.unchecked(report, "\(problem)")) }
            for run in report.log.runs { take(run, of: report, &reading, &outcome) }
        }
        for (_, hits) in reading.hits.sorted(by: { $0.key < $1.key }) {
            outcome.hits.append(hits.sorted { ($0.start, $0.rule.id) < ($1.start, $1.rule.id) })
        }
        return outcome
    }

    /// What is at hand while results are taken.
    private struct Reading {
        let files: [String: TreeFile]
        var tables: [String: LineTable] = [:]
        var hits: [String: [Hit]] = [:]
        /// Files may be reported twice over.
        var seen: Set<Key> = []

        struct Key: Hashable {
            var rule: String
            var path: String
            var start: Place
            var end: Place
        }

        mutating func table(of file: TreeFile, _ path: String) -> LineTable {
            if let table = tables[path] { return table }
            let table = LineTable(file.bytes)
            tables[path] = table
            return table
        }
    }

    /// Results that point at nothing that was assessed.
    private struct Astray {
        var count = 0
        var places: [String] = []

        mutating func add(_ place: String) {
            count += 1
            if places.count < ReportScanner.placesTold, !places.contains(place) { places.append(place) }
        }

        var text: String { places.joined(separator: ", ") + (count > places.count ? ", …" : "") }
    }

    private func take(
        _ run: SARIF.ReadRun, of report: ToolReport, _ reading: inout Reading, _ outcome: inout TreeOutcome
    ) {
        let texts = ReportedText(secrets: secrets)
        let tool = Self.key(run.tool)
        let source = ReportedResult(
            tool: tool, version: texts.line(run.version ?? report.version, limit: 40), texts: texts)
        var outside = Astray()
        var stale = Astray()
        var (placeless, unusable) = (0, 0)
        for result in run.results {
            guard let path = result.path else {
                placeless += 1
                continue
            }
            // Why it cannot be used is among the problems of the log.
            if path.isUnusable {
                unusable += 1
                continue
            }
            if let address = path.address {
                add(source.hit(result, at: address), at: address, &reading)
                continue
            }
            let candidates = Self.candidates(path, run, roots)
            guard let name = candidates.first(where: { reading.files[$0] != nil }), let file = reading.files[name]
            else {
                outside.add(candidates.first ?? path.absolute.map { Printable.text($0.utf8) } ?? result.place)
                continue
            }
            var place: ReportedPlace?
            let region = result.region
            if let region, region.startLine != nil || region.byteOffset != nil || region.charOffset != nil {
                let table = reading.table(of: file, name)
                place = ReportedPlace(region, run.columns, in: table, length: file.bytes.count)
                if place == nil {
                    stale.add("\(name):\(region.startLine ?? 0)")
                    continue
                }
            }
            add(source.hit(result, in: file, name, place), at: name, &reading)
        }
        outcome.tools.append(
            ToolRun(
                tool: tool, version: source.version, origin: report.origin, results: run.results.count,
                isComplete: run.isComplete && stale.count + placeless + unusable == 0))
        if outside.count > 0, !isPart {
            outcome.unchecked.append(
                Self.unchecked(
                    report, "\(Self.count(outside.count)) of \(tool) in files that were not assessed: \(outside.text)"))
        }
        if stale.count > 0 {
            outcome.unchecked.append(
                Self.unchecked(
                    report,
                    "\(Self.count(stale.count)) of \(tool) at places that the files do not have, so that the report "
                        + "is about another version of them: \(stale.text)"))
        }
        if placeless > 0 {
            outcome.unchecked.append(Self.unchecked(report, "\(Self.count(placeless)) of \(tool) without any place"))
        }
        note(run.notices, of: tool, run, texts, &outcome)
    }

    private func add(_ hit: Hit, at path: String, _ reading: inout Reading) {
        let key = Reading.Key(rule: hit.rule.id, path: path, start: hit.start, end: hit.end)
        guard reading.seen.insert(key).inserted else { return }
        reading.hits[path, default: []].append(hit)
    }

    /// A file that a tool could not read was not checked by it.
    private func note(
        _ notices: [SARIF.Notice], of tool: String, _ run: SARIF.ReadRun, _ texts: ReportedText,
        _ outcome: inout TreeOutcome
    ) {
        for notice in notices {
            let path = Self.candidates(notice.path, run, roots).first ?? ""
            let words = texts.message(notice.message) ?? "an error that it does not tell"
            outcome.unchecked.append(CouldNotCheck(path: path, reason: .tool, detail: "\(tool): \(words)"))
        }
    }

    private static func unchecked(_ report: ToolReport, _ detail: String) -> CouldNotCheck {
        let name = Printable.text(report.name.utf8.prefix(300))
        return CouldNotCheck(
            path: "", reason: report.origin == .run ? .tool : .report, detail: "\(name): \(Printable.text(detail.utf8))"
        )
    }

    private static func count(_ number: Int) -> String { number == 1 ? "1 result" : "\(number) results" }

    /// `CodeQL command-line toolchain` and `Trivy` as identifiers.
    static func key(_ name: String) -> String {
        let parts = name.lowercased().utf8.prefix(80).split { byte in
            !((0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2E || byte == 0x5F)
        }
        let key = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
        // Nobody else speaks under our name.
        return key.isEmpty ? "unnamed" : key == FindingSource.own ? "\(key)-report" : key
    }
}
