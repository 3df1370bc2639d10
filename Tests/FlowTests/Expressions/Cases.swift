import JSON
import Testing

/// An expression and what it yields.
struct Wanted: Sendable, CustomTestStringConvertible {
    let source: String
    let wanted: JSON
    var testDescription: String { source }

    init(_ source: String, _ wanted: JSON) { (self.source, self.wanted) = (source, wanted) }
}

/// An expression, and what is said of it.
struct Refused: Sendable, CustomTestStringConvertible {
    let source: String
    let words: String
    let column: Int?
    let hint: String?
    var testDescription: String { source }

    init(_ source: String, _ words: String, _ column: Int? = nil, _ hint: String? = nil) {
        (self.source, self.words, self.column, self.hint) = (source, words, column, hint)
    }
}
