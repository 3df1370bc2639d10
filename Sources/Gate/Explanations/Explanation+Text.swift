import Core

extension Explanation {
    /// For people, in several lines.
    public var text: String {
        var lines = ["\(action.tool) on \(action.target) (\(effect.rawValue)): \(decision.words)"]
        lines.append("  because \(decision.reason)")
        for rule in spoke {
            lines.append("  by rule \(rule.name) at \(rule.place)\(rule.title.map { ": \($0)" } ?? "")")
        }
        for floor in floors { lines.append("  by floor \(floor.id), which no policy lifts: \(floor.title)") }
        if !others.isEmpty { lines.append("Other rules:") }
        for rule in others { lines.append("  \(rule.words)") }
        if !remedies.isEmpty { lines.append("What to change:") }
        for remedy in remedies { lines.append("  - \(remedy)") }
        for note in notes { lines.append("Note: \(note)") }
        return lines.joined(separator: "\n")
    }
}

extension Decision {
    fileprivate var words: String {
        switch verdict {
        case .allow: return "allowed"
        case .deny: return "denied"
        case .ask(let rule):
            let roles = rule.roles.sorted().joined(separator: " or ")
            return rule.quorum == 1
                ? "asks for one \(roles)" : "asks for \(rule.quorum) different people, each \(roles)"
        }
    }
}

extension Explanation.Rule {
    fileprivate var words: String {
        switch outcome {
        case .spoke: "\(name) says \(verdict)"
        case .overruled: "\(name) says \(verdict) as well, and was overruled"
        case .unmet(let condition): "\(name) would say \(verdict), but \(condition.missed) (\(condition.place))"
        }
    }
}

extension Explanation.Condition {
    /// In words: that it does not hold, or of a negated one what holds instead.
    fileprivate var missed: String {
        let negation = "not: "
        return words.hasPrefix(negation)
            ? "it holds that \(words.dropFirst(negation.count))" : "it does not hold that \(words)"
    }
}
