import JSON
import Privacy

/// Values in disguise. A case has the `kind` to be found and its `text` in pieces, so that what looks like a key stands
/// in no file: the first piece and the last are plain, and what is found lies between them.
struct EvasionSuite: ConformanceSuite {
    let name = "evasion"
    private static let scanner = Result { try PrivacyScanner() }

    func failure(of testCase: ConformanceCase) -> String? {
        let pieces = testCase.json["text"]?.array?.compactMap(\.string) ?? []
        guard let kind = testCase.json["kind"]?.string, let first = pieces.first, let last = pieces.last,
            pieces.count >= 3
        else { return "not a case of this suite" }
        let text = Array(pieces.joined().utf8)
        let place = first.utf8.count..<text.count - last.utf8.count
        do {
            let found = try EvasionSuite.scanner.get().findings(in: text).filter { $0.kind.rawValue == kind }
            guard let finding = found.first else { return "\(kind) not found" }
            let isWithin = place.lowerBound <= finding.range.lowerBound && finding.range.upperBound <= place.upperBound
            return isWithin ? nil : "\(kind) found beyond its disguise"
        } catch {
            return "\(error)"
        }
    }
}
