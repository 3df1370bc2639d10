import JSON

/// The keywords that apply schemas to members and elements.
extension Evaluator {
    mutating func holds(
        _ members: Check.Members, _ value: JSON, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        guard let object = value.object else { return true }
        try spend(object.count * (1 + members.patterns.count))
        var isValid = true
        for (place, (name, member)) in object.enumerated() {
            var isKnown = false
            if let schema = members.named[ExactText(name)] {
                isKnown = true
                if !(try evaluate(schema, member, at: .member(name))) { isValid = false }
            }
            for (pattern, schema) in members.patterns where try matches(pattern, name) {
                isKnown = true
                if !(try evaluate(schema, member, at: .member(name))) { isValid = false }
            }
            if !isKnown, let rest = members.rest {
                isKnown = true
                if !(try evaluate(rest, member, at: .member(name))) { isValid = false }
            }
            if isKnown, program.tracksEvaluation { evaluated.places.insert(place) }
            if !isValid, isQuiet { return false }
        }
        return isValid
    }

    mutating func namesFit(_ schema: Int, _ value: JSON, _ node: Int, _ rule: Rule) throws(Stop) -> Bool {
        guard let object = value.object else { return true }
        var ignored = Evaluated()
        for name in object.keys where !(try accepts(schema, .string(name), &ignored)) {
            return told(node, rule, "has a member whose name is not allowed: \"\(name.prefix(80))\"")
        }
        return true
    }

    mutating func holds(
        _ first: [Int], _ rest: Int?, _ value: JSON, _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        guard let elements = value.array else { return true }
        var isValid = true
        for (index, element) in elements.enumerated() {
            guard let schema = index < first.count ? first[index] : rest else { break }
            if !(try evaluate(schema, element, at: .element(index))) {
                isValid = false
                if isQuiet { break }
            }
            if program.tracksEvaluation { evaluated.places.insert(index) }
        }
        return isValid
    }

    mutating func contains(
        _ schema: Int, _ least: Int, _ most: Int, _ value: JSON, _ node: Int, _ rule: Rule,
        _ evaluated: inout Evaluated
    ) throws(Stop) -> Bool {
        guard let elements = value.array else { return true }
        var fitting = 0
        for (index, element) in elements.enumerated() {
            var ignored = Evaluated()
            guard try accepts(schema, element, &ignored) else { continue }
            fitting += 1
            if program.tracksEvaluation { evaluated.places.insert(index) }
        }
        if fitting < least { return told(node, rule, "must have \(least) fitting elements or more, has \(fitting)") }
        return fitting <= most || told(node, rule, "must have \(most) fitting elements or fewer, has \(fitting)")
    }

    /// What no other keyword has looked at.
    mutating func restFits(_ schema: Int, _ elements: [JSON]?, _ evaluated: inout Evaluated) throws(Stop) -> Bool {
        guard let elements, !evaluated.all else { return true }
        var isValid = true
        for (index, element) in elements.enumerated() where !evaluated.places.contains(index) {
            if !(try evaluate(schema, element, at: .element(index))) { isValid = false }
        }
        evaluated.all = true
        return isValid
    }

    mutating func restFits(_ schema: Int, _ object: JSONObject?, _ evaluated: inout Evaluated) throws(Stop) -> Bool {
        guard let object, !evaluated.all else { return true }
        var isValid = true
        for (place, (name, member)) in object.enumerated() where !evaluated.places.contains(place) {
            if !(try evaluate(schema, member, at: .member(name))) { isValid = false }
        }
        evaluated.all = true
        return isValid
    }

    func matches(_ pattern: TextPattern, _ text: String) throws(Stop) -> Bool {
        guard let matches = pattern.matches(text) else {
            throw Stop(reason: "cannot be checked: a pattern of the schema takes too long on it")
        }
        return matches
    }
}
