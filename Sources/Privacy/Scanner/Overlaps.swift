import Core

/// Of candidates that overlap one stays: a sure secret before all, then the surer, then the longer.
enum Overlaps {
    static func resolved(_ candidates: [Candidate], _ detectors: [Detector]) -> [PrivacyFinding] {
        // By place first: most stand alone, and only those in one row of overlaps have to be compared.
        let places = candidates.indices.filter { !candidates[$0].range.isEmpty }
            .sorted { candidates[$0].range.lowerBound < candidates[$1].range.lowerBound }
        var findings: [PrivacyFinding] = []
        findings.reserveCapacity(places.count)
        var next = 0
        while next < places.count {
            var row = next..<next + 1
            var end = candidates[places[next]].range.upperBound
            while row.upperBound < places.count, candidates[places[row.upperBound]].range.lowerBound < end {
                end = max(end, candidates[places[row.upperBound]].range.upperBound)
                row = row.lowerBound..<row.upperBound + 1
            }
            if row.count == 1 {
                findings.append(finding(candidates[places[next]], detectors))
            } else {
                let kept = resolved(row: row.map { candidates[places[$0]] }, detectors)
                findings += kept.map { finding($0, detectors) }
            }
            next = row.upperBound
        }
        return findings
    }

    private static func finding(_ candidate: Candidate, _ detectors: [Detector]) -> PrivacyFinding {
        PrivacyFinding(
            range: candidate.range, kind: candidate.kind, label: detectors[candidate.detector].label,
            confidence: min(candidate.confidence, 1), detector: detectors[candidate.detector].id,
            reasons: candidate.reasons)
    }

    /// The same for what was found already, by ourselves and by others.
    static func resolved(_ findings: [PrivacyFinding]) -> [PrivacyFinding] {
        func rank(_ finding: PrivacyFinding) -> Double {
            finding.confidence + (finding.label == .secret && finding.confidence >= 0.6 ? 1 : 0)
        }
        let sorted = findings.filter { !$0.range.isEmpty }.sorted { a, b in
            let (first, second) = (rank(a), rank(b))
            return first != second ? first > second : a.range.count > b.range.count
        }
        return kept(sorted)
    }

    private static func resolved(row: [Candidate], _ detectors: [Detector]) -> [Candidate] {
        kept(row.sorted(by: { precedes($0, $1, detectors) }))
    }

    /// Those that overlap none before them, by place.
    private static func kept<Element: Placed>(_ sorted: [Element]) -> [Element] {
        // By start; each insertion looks at its neighbours only.
        var kept: [Element] = []
        for element in sorted {
            let place = firstIndex(kept, from: element.range.lowerBound)
            if place > 0, kept[place - 1].range.upperBound > element.range.lowerBound { continue }
            if place < kept.count, kept[place].range.lowerBound < element.range.upperBound { continue }
            kept.insert(element, at: place)
        }
        return kept
    }

    private static func precedes(_ a: Candidate, _ b: Candidate, _ detectors: [Detector]) -> Bool {
        func rank(_ candidate: Candidate) -> Double {
            let isSecret = detectors[candidate.detector].label == .secret && candidate.confidence >= 0.6
            return candidate.confidence + (isSecret ? 1 : 0)
        }
        let (first, second) = (rank(a), rank(b))
        if first != second { return first > second }
        if a.range.count != b.range.count { return a.range.count > b.range.count }
        if a.range.lowerBound != b.range.lowerBound { return a.range.lowerBound < b.range.lowerBound }
        if a.detector != b.detector { return a.detector < b.detector }
        return a.reasons.count < b.reasons.count
    }

    /// The first that begins at or after a place.
    private static func firstIndex(_ kept: [some Placed], from place: Int) -> Int {
        var (low, high) = (0, kept.count)
        while low < high {
            let middle = (low + high) / 2
            if kept[middle].range.lowerBound < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What has a place in a text.
private protocol Placed {
    var range: Range<Int> { get }
}

extension Candidate: Placed {}
extension PrivacyFinding: Placed {}
