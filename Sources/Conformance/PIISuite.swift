import Core
import JSON
import Privacy

/// Texts with marked personal data (`full_text`, `spans` in Unicode code points): recall and precision by type.
///
/// A marked span counts as found when findings of its type cover at least half of it; a finding counts as right when at
/// least half of it lies in spans of its type, and as wrong over anything else.
struct PIISuite: MeasuringSuite {
    let name = "pii"

    struct Row {
        var title: String
        var types: Set<String>
        var kinds: Set<PrivacyKind>
        var recall: Double?
        var precision: Double?
    }

    static let rows = [
        Row(title: "e-mail", types: ["EMAIL_ADDRESS"], kinds: [.email], recall: 0.99, precision: 0.99),
        Row(title: "IBAN", types: ["IBAN_CODE"], kinds: [.iban], recall: 0.99, precision: 0.99),
        Row(title: "SSN", types: ["US_SSN"], kinds: [.ssn], recall: 0.99, precision: 0.99),
        Row(title: "IP address", types: ["IP_ADDRESS"], kinds: [.ip], recall: 0.99, precision: 0.99),
        Row(title: "credit card", types: ["CREDIT_CARD"], kinds: [.creditCard], recall: 0.98, precision: 0.99),
        Row(title: "phone", types: ["PHONE_NUMBER"], kinds: [.phone], recall: 0.90, precision: 0.90),
        Row(title: "URL", types: ["DOMAIN_NAME", "URL"], kinds: [.url], recall: 0.99, precision: 0.95),
        Row(
            title: "date", types: ["DATE_TIME", "DATE", "DATE_OF_BIRTH"], kinds: [.date, .dateOfBirth], recall: 0.85,
            precision: 0.95),
        Row(title: "person", types: ["PERSON"], kinds: [.person], recall: 0.60, precision: 0.85),
        Row(title: "address", types: ["STREET_ADDRESS"], kinds: [.address], recall: nil, precision: nil),
    ]

    struct Tally {
        var marked = 0
        var found = 0
        var claimed = 0
        var right = 0

        var recall: Double { marked == 0 ? 1 : Double(found) / Double(marked) }
        var precision: Double { claimed == 0 ? 1 : Double(right) / Double(claimed) }
    }

    func run(_ cases: [ConformanceCase], complain: (String) -> Void) throws -> Measures {
        let scanner = try PrivacyScanner()
        var tallies = [Tally](repeating: Tally(), count: PIISuite.rows.count)
        for testCase in cases {
            guard let text = testCase.json["full_text"]?.string else {
                throw CaseFiles.Failure(description: "\(testCase.place) is not a case of this suite")
            }
            try PIISuite.count(testCase, text, scanner, &tallies, complain)
        }
        return PIISuite.verdict(tallies)
    }

    private static func verdict(_ tallies: [Tally]) -> Measures {
        var (lines, passed, failed) = ([] as [String], 0, 0)
        for (row, tally) in zip(rows, tallies) {
            let isMet = tally.recall >= row.recall ?? 0 && tally.precision >= row.precision ?? 0
            if row.recall != nil { if isMet { passed += 1 } else { failed += 1 } }
            let goal =
                row.recall.map { "≥ \(Thousandths.text($0)) / \(Thousandths.text(row.precision ?? 0))" } ?? "stated"
            lines.append(
                "\(row.title): recall \(Thousandths.text(tally.recall)) (\(tally.found) of \(tally.marked)), precision "
                    + "\(Thousandths.text(tally.precision)) (\(tally.right) of \(tally.claimed)); \(goal)\(isMet ? "" : "  MISSED")"
            )
        }
        return Measures(lines: lines, summary: "\(passed) passed, \(failed) failed", areMet: failed == 0)
    }

    private static func count(
        _ testCase: ConformanceCase, _ text: String, _ scanner: PrivacyScanner, _ tallies: inout [Tally],
        _ complain: (String) -> Void
    ) throws {
        let bytes = Array(text.utf8)
        let spans = spans(testCase.json, text)
        let findings = try scanner.findings(in: bytes)
        for (index, row) in rows.enumerated() {
            let wanted = spans.filter { row.types.contains($0.type) }
            let got = findings.filter { row.kinds.contains($0.kind) }
            for span in wanted {
                tallies[index].marked += 1
                if covered(span.range, by: got.map(\.range)) {
                    tallies[index].found += 1
                } else {
                    complain(
                        "\(testCase.place): \(row.title) not found: \(String(decoding: bytes[span.range], as: UTF8.self))"
                    )
                }
            }
            for finding in got {
                tallies[index].claimed += 1
                if covered(finding.range, by: wanted.map(\.range)) {
                    tallies[index].right += 1
                } else {
                    let value = String(decoding: bytes[finding.range], as: UTF8.self)
                    complain(
                        "\(testCase.place): no \(row.title): \(value) (\(finding.detector), \(finding.confidence))")
                }
            }
        }
    }

    private static func covered(_ range: Range<Int>, by others: [Range<Int>]) -> Bool {
        others.reduce(0) { $0 + $1.clamped(to: range).count } * 2 >= range.count
    }

    /// Spans as ranges of UTF-8 bytes.
    private static func spans(_ json: JSON, _ text: String) -> [(type: String, range: Range<Int>)] {
        var offsets = [0]
        for scalar in text.unicodeScalars { offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar)) }
        return (json["spans"]?.array ?? []).compactMap { span in
            guard let type = span["entity_type"]?.string,
                let start = span["start_position"]?.number.flatMap({ Int($0.spelling) }),
                let end = span["end_position"]?.number.flatMap({ Int($0.spelling) }),
                start >= 0, start < end, end < offsets.count
            else { return nil }
            return (type, offsets[start]..<offsets[end])
        }
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
    }
}
