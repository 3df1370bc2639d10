/// The enabled detectors, arranged for the walk: which to ask for a number or token of a length.
struct DetectorPlan: Sendable {
    let detectors: [Detector]
    /// By count of digits.
    private(set) var numbers: [[Int]]
    private(set) var tokens: [[Int]]
    private(set) var codes: [[Int]]
    private var forms: [Int?]
    /// Context words as bytes.
    let context: [[[UInt8]]?]
    let secrets: Int?
    let lexicon = Lexicon.shared
    let classes = ByteClass.table

    static let longest = 40

    init(_ detectors: [Detector]) {
        self.detectors = detectors
        numbers = Array(repeating: [], count: DetectorPlan.longest + 1)
        tokens = numbers
        codes = numbers
        forms = Array(repeating: nil, count: Detector.Form.allCases.count)
        context = detectors.map { $0.context.isEmpty ? nil : $0.context.map { Array($0.utf8) } }
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
        self.secrets = secrets
    }

    subscript(form: Detector.Form) -> Int? { forms[form.rawValue] }
}
