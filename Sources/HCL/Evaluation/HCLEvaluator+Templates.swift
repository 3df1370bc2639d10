extension HCLEvaluator {
    func evaluate(_ template: HCLTemplate, _ place: HCLPlace) throws(HCLProblem) -> HCLValue {
        if let wrapped = template.wrapped { return try evaluate(wrapped) }
        var text = HCLText()
        try write(template.parts, into: &text, place)
        return text.value
    }

    private func write(
        _ parts: [HCLTemplate.Part], into out: inout HCLText, _ place: HCLPlace
    ) throws(HCLProblem) {
        for part in parts {
            switch part {
            case .literal(let text): out.append(text)
            case .interpolation(let expression):
                let value = try evaluate(expression)
                guard out.append(value) else {
                    throw HCLProblem("\(value.kindName) cannot be put into a text", at: expression.range.start)
                }
            case .conditional(let condition, let then, let otherwise):
                let value = try evaluate(condition)
                if let holds = value.boolValue {
                    try write(holds ? then : otherwise, into: &out, place)
                } else {
                    out.append(unknown: value.unknowns ?? HCLUnknown())
                }
            case .loop(let keyName, let valueName, let collection, let body):
                let value = try evaluate(collection)
                guard let entries = try Self.entries(value, at: collection.range.start) else {
                    out.append(unknown: value.unknowns ?? HCLUnknown())
                    continue
                }
                for entry in entries {
                    try binding(keyName, to: entry.key).binding(valueName, to: entry.value)
                        .write(body, into: &out, place)
                }
            }
            try budget.spend(1, at: place)
            guard out.text.utf8.count <= HCLBudget.textBytes else {
                throw HCLProblem("the text is longer than \(HCLBudget.textBytes) bytes", at: place)
            }
        }
    }
}

/// A text that is put together, of which parts may not be known.
struct HCLText {
    private(set) var text = ""
    private var unknown: HCLUnknown?

    mutating func append(_ piece: String) { text += piece }

    mutating func append(unknown other: HCLUnknown) {
        text += other.text
        var sum = unknown ?? HCLUnknown()
        sum.add(other.references)
        unknown = sum
    }

    /// False for a value that is no text.
    mutating func append(_ value: HCLValue) -> Bool {
        if let other = value.unknown {
            append(unknown: other)
            return true
        }
        guard let piece = value.stringValue else { return false }
        text += piece
        return true
    }

    var value: HCLValue {
        guard var unknown else { return .string(text) }
        unknown.text = text
        return .unknown(unknown)
    }
}
