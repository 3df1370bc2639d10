import Core
import Privacy

/// Makes findings of hits: gives each its fingerprints, joins what tree and history both hold, and weighs.
struct FindingsBuilder {
    private let baseline: Baseline?
    private let time: Timestamp
    private var byFingerprint: [String: Finding] = [:]
    /// Content fingerprint → fingerprint, to know a moved file's findings again.
    private var byContent: [String: String] = [:]
    /// Those whose scanner has decided their priority.
    private var decided: Set<String> = []
    /// Of those whose reach is known.
    private var reaches: [String: Reach] = [:]

    init(baseline: Baseline?, time: Timestamp) {
        self.baseline = baseline
        self.time = time
    }

    /// - Parameter tree: one element a file, from top to bottom.
    mutating func add(tree: [[Hit]]) {
        for file in tree {
            for (hit, fingerprint) in zip(file, Fingerprint.all(file)) {
                keep(finding(hit, fingerprint, commit: nil, isOnlyInHistory: false))
                note(hit, fingerprint)
            }
        }
    }

    mutating func add(history: [[Hit]], commits: [String: FirstCommits.Entry]) {
        for blob in history {
            for (hit, fingerprint) in zip(blob, Fingerprint.all(blob)) {
                let commit = hit.blob.flatMap { commits[$0]?.commit }
                let content = Fingerprint.content(hit)
                let known = byFingerprint[fingerprint] == nil ? byContent[content] : fingerprint
                if let known {
                    join(known, hit, commit)
                } else {
                    keep(finding(hit, fingerprint, commit: commit, isOnlyInHistory: true))
                    note(hit, fingerprint)
                }
            }
        }
    }

    func findings() -> [Finding] {
        JoinedSources.join(Array(byFingerprint.values)).map { finding in
            var finding = finding
            if !decided.contains(finding.fingerprint) { finding.priority = priority(of: finding) }
            if finding.state == .open,
                let reason = baseline?.reason(for: finding, at: time, isPresent: { byFingerprint[$0] != nil })
            {
                finding.state = .known
                finding.stateReason = reason
            }
            return finding
        }.sorted(by: Self.comesFirst)
    }

    private func priority(of finding: Finding) -> Priority {
        Priority(
            .init(
                severity: finding.severity, confidence: finding.confidence, isVerified: finding.isVerified,
                validity: finding.validity, isOnlyInHistory: finding.isOnlyInHistory,
                isTest: FileKinds.isTest(Array(finding.path.utf8)[...]),
                reach: reaches[finding.fingerprint] ?? .anywhere))
    }

    private mutating func note(_ hit: Hit, _ fingerprint: String) {
        if hit.priority != nil { decided.insert(fingerprint) }
        if hit.reach != .anywhere { reaches[fingerprint] = hit.reach }
    }

    static func comesFirst(_ a: Finding, _ b: Finding) -> Bool {
        if a.priority.tier != b.priority.tier { return a.priority.tier < b.priority.tier }
        if a.severity != b.severity { return a.severity > b.severity }
        if a.path != b.path { return a.path < b.path }
        return (a.start, a.rule.id, a.fingerprint) < (b.start, b.rule.id, b.fingerprint)
    }

    private mutating func keep(_ finding: Finding) {
        byFingerprint[finding.fingerprint] = finding
        byContent[finding.contentFingerprint] = finding.fingerprint
    }

    /// The older commit stays; a finding of the history only is shown where it first stood.
    private mutating func join(_ fingerprint: String, _ hit: Hit, _ commit: Finding.Commit?) {
        guard var finding = byFingerprint[fingerprint], let commit, let authored = commit.authored else { return }
        if let earlier = finding.commit?.authored, earlier <= authored { return }
        finding.commit = commit
        if finding.isOnlyInHistory { (finding.start, finding.end, finding.snippet) = (hit.start, hit.end, hit.snippet) }
        byFingerprint[fingerprint] = finding
    }

    private func finding(_ hit: Hit, _ fingerprint: String, commit: Finding.Commit?, isOnlyInHistory: Bool) -> Finding {
        var state = Finding.State.open
        var reason: String?
        switch hit.allowance {
        case .granted(let words): (state, reason) = (.suppressed, words)
        case .withoutReason: reason = "the comment gatehouse:allow gives no reason, so it counts for nothing"
        case nil: break
        }
        return Finding(
            id: Identifier.make("fnd", at: time), fingerprint: fingerprint,
            contentFingerprint: Fingerprint.content(hit),
            rule: hit.rule, confidence: hit.confidence, isVerified: hit.isVerified, validity: hit.validity,
            path: Printable.text(hit.path),
            start: hit.start, end: hit.end, snippet: hit.snippet, source: hit.source, state: state, stateReason: reason,
            commit: commit, isOnlyInHistory: isOnlyInHistory,
            priority: hit.priority ?? Priority(tier: .later, reason: ""), firstSeen: time, lastSeen: time,
            details: hit.details,
            sources: hit.sources.map { source in
                var source = source
                source.fingerprint = fingerprint
                return source
            })
    }
}
