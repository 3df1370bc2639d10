/// A value of a workflow's file after its shape was checked.
struct FormatNode: Sendable {
    enum Value: Sendable {
        case text(String)
        case flag(Bool)
        case whole(Int)
        case number(Double)
        case duration(Duration)
        case expression(Expression)
        case template(Template)
        case list([FormatNode])
        case object([(key: String, node: FormatNode)])
    }

    var value: Value
    var place: Place
    var path: String

    subscript(key: String) -> FormatNode? { members.first { $0.key == key }?.node }

    var members: [(key: String, node: FormatNode)] { if case .object(let members) = value { members } else { [] } }
    var elements: [FormatNode] { if case .list(let elements) = value { elements } else { [] } }
    var text: String? { if case .text(let text) = value { text } else { nil } }
    var flag: Bool? { if case .flag(let flag) = value { flag } else { nil } }
    var whole: Int? { if case .whole(let whole) = value { whole } else { nil } }
    var number: Double? { if case .number(let number) = value { number } else { nil } }
    var duration: Duration? { if case .duration(let duration) = value { duration } else { nil } }
    var expression: Expression? { if case .expression(let expression) = value { expression } else { nil } }
    var template: Template? { if case .template(let template) = value { template } else { nil } }

    /// The texts of a list of texts.
    var texts: [String] { elements.compactMap(\.text) }

    /// A text as a case of an enumeration, whose raw values the format lists.
    func choice<Choice: RawRepresentable<String>>(_ key: String, or fallback: Choice) -> Choice {
        self[key]?.text.flatMap(Choice.init) ?? fallback
    }

    func problem(_ message: String, hint: String? = nil) -> WorkflowProblem {
        WorkflowProblem(place, path, message, hint: hint)
    }
}
