/// What is known of a value while a function is followed.
struct CodeValue: Sendable {
    /// That it comes from outside, and by which way.
    struct Taint: Sendable {
        var origin: CodeFlaw.Step
        /// Assignments on the way.
        var steps: [Int] = []
        /// A part of an address between two slashes: it leads to no other folder.
        var isSegment = false
    }

    var taint: Taint?
    /// The whole text, where it stands in the code, and where.
    var constant: String?
    var place: Range<Int> = 0..<0
    /// What stands before what comes from outside; ``unknown`` for what is not known.
    var lead = ""
    /// All that stands in the code of it.
    var literals = ""
    /// What a server was asked.
    var isRequest = false
    /// Several values together.
    var isList = false

    static let unknown: Character = "\u{1}"
    private static let greatestText = 2_000
    private static let greatestSteps = 8

    static func text(_ text: String, at place: Range<Int>) -> CodeValue {
        CodeValue(constant: text, place: place, literals: String(text.prefix(greatestText)))
    }

    static func tainted(_ what: String, at offset: Int, isSegment: Bool = false) -> CodeValue {
        CodeValue(taint: Taint(origin: .init(offset: offset, text: what), isSegment: isSegment))
    }

    /// One after the other.
    func followed(by other: CodeValue) -> CodeValue {
        var sum = CodeValue()
        sum.literals = String((literals + other.literals).prefix(Self.greatestText))
        if let constant, let second = other.constant {
            sum.constant = String((constant + second).prefix(Self.greatestText))
            sum.place = place
        }
        if taint != nil {
            (sum.taint, sum.lead) = (taint, lead)
        } else if other.taint != nil {
            (sum.taint, sum.lead) = (other.taint, (constant ?? String(Self.unknown)) + other.lead)
        }
        return sum
    }

    /// Either of them: what comes from outside counts.
    func or(_ other: CodeValue) -> CodeValue {
        var value =
            taint != nil ? self : other.taint != nil ? other : CodeValue(isRequest: isRequest || other.isRequest)
        value.literals = String((literals + other.literals).prefix(Self.greatestText))
        value.constant = nil
        return value
    }

    func passing(_ offset: Int) -> CodeValue {
        var value = self
        if let taint, taint.steps.count < Self.greatestSteps { value.taint?.steps = taint.steps + [offset] }
        return value
    }
}
