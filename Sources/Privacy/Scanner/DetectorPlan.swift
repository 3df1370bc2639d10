import Core

/// The enabled detectors, arranged for the walk: which to ask for a number or token of a length. A class, since walks
/// are copied.
final class DetectorPlan: Sendable {
    let detectors: [Detector]
    /// By count of digits.
    let numbers: [[Int]]
    let tokens: [[Int]]
    let codes: [[Int]]
    private let forms: [Int?]
    /// Context words of all detectors, and the bit of each detector's own; zero for a detector without.
    let context: ContextWords
    let contextLists: [ContextWords.Lists]
    let secrets: Int?
    let lexicon = Lexicon.shared
    let classes = ByteClass.table

    static let longest = 40

    /// - Throws: `invalid` where detectors have more lists of context words than are looked for together.
    init(_ detectors: [Detector]) throws(GatehouseError) {
        self.detectors = detectors
        var numbers: [[Int]] = Array(repeating: [], count: DetectorPlan.longest + 1)
        var tokens = numbers
        var codes = numbers
        var forms: [Int?] = Array(repeating: nil, count: Detector.Form.allCases.count)
        var secrets: Int?
        for (index, detector) in detectors.enumerated() {
            switch detector.finder {
            case .number(let counts, _, _, _): for count in counts { numbers[count].append(index) }
            case .token(let counts, _): for count in counts { tokens[count].append(index) }
            case .code(let counts): for count in counts { codes[count].append(index) }
            case .form(let form): forms[form.rawValue] = index
            case .secrets: secrets = index
            case .dictionary, .fingerprints, .pattern: break
            }
        }
        (self.numbers, self.tokens, self.codes, self.forms, self.secrets) = (numbers, tokens, codes, forms, secrets)
        var lists: [[String]] = []
        contextLists = detectors.map { detector in
            if detector.context.isEmpty { return 0 }
            let known = lists.firstIndex(of: detector.context) ?? lists.count
            if known == lists.count { lists.append(detector.context) }
            return 1 << ContextWords.Lists(known)
        }
        guard lists.count <= ContextWords.mostLists else {
            throw GatehouseError(
                "privacy", .invalid, "detectors have more than \(ContextWords.mostLists) lists of context words")
        }
        context = ContextWords(lists)
    }

    subscript(form: Detector.Form) -> Int? { forms[form.rawValue] }
}
