import JSON

/// What is said of a value that does not satisfy a keyword. The value itself is not in it.
enum Words {
    static func of(_ check: ValueCheck) -> String {
        let shown = check.allowed.prefix(12).map { $0.text().prefix(60) }.joined(separator: ", ")
        return "must be \(check.allowed.count == 1 ? "" : "one of ")\(shown)\(check.allowed.count > 12 ? ", …" : "")"
    }

    static func of(_ check: NumberCheck) -> String {
        switch check {
        case .multipleOf(let step): "must be a multiple of \(step)"
        case .maximum(let bound, let isExclusive): "must be \(isExclusive ? "below" : "at most") \(bound)"
        case .minimum(let bound, let isExclusive): "must be \(isExclusive ? "above" : "at least") \(bound)"
        }
    }

    static func of(_ check: TextCheck) -> String {
        switch check {
        case .longest(let most): "must have at most \(most) characters"
        case .shortest(let least): "must have at least \(least) characters"
        case .pattern: "must match the pattern"
        case .format(let format): "must be of the format \(format.rawValue)"
        }
    }

    static func of(_ check: CountCheck) -> String {
        switch check {
        case .items(let least, .max): "must have at least \(least) elements"
        case .items(_, let most): "must have at most \(most) elements"
        case .properties(let least, .max): "must have at least \(least) members"
        case .properties(_, let most): "must have at most \(most) members"
        }
    }
}
