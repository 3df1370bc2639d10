extension CodeAnalysis {
    /// The value of an expression; calls in it are looked at on the way.
    mutating func evaluate(_ expression: CodeExpression, _ names: inout CodeNames) -> CodeValue {
        guard level < Self.greatestLevel else { return CodeValue() }
        level += 1
        defer { level -= 1 }
        switch expression {
        case .name(let name, _):
            if let value = names[name] { return value }
            return isImportedRequest(name) ? CodeValue(isRequest: true) : CodeValue()
        case .literal(let text, let range): return .text(text, at: range)
        case .constant, .other: return CodeValue()
        case .text(let parts, _): return composed(parts, &names)
        case .tagged(let tag, let parts, _):
            _ = evaluate(tag, &names)
            for part in parts { _ = evaluate(part, &names) }
            return CodeValue()
        case .member(let base, let name, let range): return member(base, name, range, &names)
        case .index(let base, let key, _):
            let value = evaluate(base, &names)
            let inner = evaluate(key, &names)
            // `event['body']`, `request['x']`
            if value.isRequest, let key = inner.constant, CodeSources.isChosen(key, language) {
                return .tainted(key, at: base.range.lowerBound)
            }
            var part = value
            part.isList = false
            return part
        case .join(let parts, let operators, _): return joined(parts, operators, &names)
        case .either(let test, let choices):
            check(test, &names)
            return choices.reduce(CodeValue()) { $0.or(evaluate($1, &names)) }
        case .truth(let parts, _):
            for part in parts { _ = evaluate(part, &names) }
            return CodeValue()
        case .list(let items, _):
            var sum = CodeValue()
            for item in items { sum = sum.or(evaluate(item.value, &names)) }
            sum.isList = true
            sum.isRequest = false
            return sum
        case .each(let element, let target, let source):
            let found = evaluate(source, &names)
            if case .list(let targets, _) = target {
                for case .name(let name, _) in targets.map(\.value) { names.set(name, found) }
            }
            var value = evaluate(element, &names)
            value.isList = true
            return value
        case .function(let function):
            enter(function, names)
            return CodeValue()
        case .call(let callee, let arguments, let range): return call(callee, arguments, range, &names)
        }
    }

    private mutating func composed(_ parts: [CodeExpression], _ names: inout CodeNames) -> CodeValue {
        parts.enumerated().reduce(CodeValue()) { sum, part in
            var value = evaluate(part.element, &names)
            value.isList = false
            return part.offset == 0 ? value.asPart : sum.followed(by: value.asPart)
        }
    }

    private mutating func joined(_ parts: [CodeExpression], _ operators: [String], _ names: inout CodeNames)
        -> CodeValue
    {
        var sum = evaluate(parts[0], &names)
        for (symbol, part) in zip(operators, parts.dropFirst()) {
            let value = evaluate(part, &names)
            switch symbol {
            case "+": sum = sum.followed(by: value)
            case "%" where language == .python: sum = sum.formatted(by: value, until: "%")
            // `Path(root) / name`
            case "/" where language == .python: sum = sum.followed(by: value)
            case "or", "and", "||", "&&", "??", "|": sum = sum.or(value)
            default: sum = CodeValue()
            }
        }
        return sum
    }

    private mutating func member(
        _ base: CodeExpression, _ name: String, _ range: Range<Int>, _ names: inout CodeNames
    ) -> CodeValue {
        let value = evaluate(base, &names)
        if value.isRequest {
            if name == "request" || name == "req" { return value }
            return CodeSources.isChosen(name, language)
                ? .tainted(Self.words(base, name), at: range.lowerBound) : CodeValue()
        }
        // `self.request.GET` of a view.
        if language == .python, name == "request", case .name("self", _) = base { return CodeValue(isRequest: isView) }
        if value.taint == nil, let whole = dotted(base, names).map({ "\($0).\(name)" }),
            CodeSources.requests.contains(whole)
        {
            return CodeValue(isRequest: true)
        }
        guard value.taint != nil, !CodeSources.cleaning.contains(name) else { return CodeValue() }
        return value
    }

    private static func words(_ base: CodeExpression, _ name: String) -> String {
        switch base {
        case .name(let word, _): "\(word).\(name)"
        case .member(_, let word, _): "\(word).\(name)"
        default: name
        }
    }

    /// The whole name of what is called: `os.path.join`; nil where it hangs on a value.
    func dotted(_ expression: CodeExpression, _ names: CodeNames) -> String? {
        switch expression {
        case .name(let name, _): return aliases[name] ?? (names[name] == nil ? name : nil)
        case .member(let base, let name, _): return dotted(base, names).map { "\($0).\(name)" }
        default: return nil
        }
    }

    // MARK: - Calls

    private mutating func call(
        _ callee: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>, _ names: inout CodeNames
    ) -> CodeValue {
        let name = dotted(callee, names)
        var receiver = CodeValue()
        var method = ""
        if case .member(let base, let member, _) = callee {
            receiver = evaluate(base, &names)
            method = member
        } else if Self.name(callee) == nil {
            _ = evaluate(callee, &names)
        }
        let values = arguments.map { evaluate($0.value, &names) }
        let call = CodeCall(
            name: name, method: method, receiver: Self.receiver(callee), arguments: arguments, values: values,
            range: range)
        inspect(call)
        if receiver.isRequest {
            if CodeSources.isChosen(method, language), case .member(let base, _, _) = callee {
                return .tainted("\(Self.words(base, method))()", at: range.lowerBound)
            }
            return CodeValue()
        }
        if receiver.taint != nil { return CodeSources.cleaning.contains(method) ? CodeValue() : receiver }
        if let name, CodeSources.passes(name, language) { return passed(values, name) }
        if CodeSources.composing.contains(method) {
            if method == "format" || method == "concat" || method == "appending" {
                return values.reduce(receiver) { $0.formatted(by: $1, until: method == "format" ? "{" : nil) }
            }
            return values.reduce(receiver) { $0.taint != nil ? $0 : receiver.followed(by: $1) }
        }
        return CodeValue()
    }

    private func passed(_ values: [CodeValue], _ name: String) -> CodeValue {
        guard let first = values.first else { return CodeValue() }
        if name == "fmt.Sprintf" || name == "util.format" {
            return values.dropFirst().reduce(first) { $0.formatted(by: $1, until: "%") }
        }
        // A second address may replace the first.
        if name.hasSuffix("urljoin") || name == "URL" { return values.reduce(CodeValue()) { $0.or($1) } }
        let isOne = values.count == 1
        var sum = values.dropFirst().reduce(first) { $0.followed(by: $1) }
        sum.isList = isOne && first.isList && name != "str"
        return sum
    }

    private static func receiver(_ callee: CodeExpression) -> String {
        guard case .member(let base, _, _) = callee else { return "" }
        switch base {
        case .name(let name, _), .member(_, let name, _): return name
        case .call(.name(let name, _), _, _), .call(.member(_, let name, _), _, _): return name
        default: return ""
        }
    }
}

/// A call with what is known of its arguments.
struct CodeCall {
    var name: String?
    var method: String
    /// What the object is called.
    var receiver: String
    var arguments: [CodeArgument]
    var values: [CodeValue]
    var range: Range<Int>

    /// By one of its names, or by its place among those without.
    func value(_ place: Int, _ labels: Set<String>, mustBeNamed: Bool = false) -> CodeValue? {
        if let index = arguments.firstIndex(where: { $0.label.map(labels.contains) ?? false }) { return values[index] }
        if mustBeNamed { return nil }
        let unnamed = arguments.indices.filter { arguments[$0].label == nil }
        return place < unnamed.count ? values[unnamed[place]] : nil
    }

    func label(_ name: String) -> CodeExpression? { arguments.first { $0.label == name }?.value }
}

extension CodeValue {
    /// As a part of a longer text, which is a text whatever it was.
    var asPart: CodeValue {
        var value = self
        value.isRequest = false
        return value
    }

    /// A pattern filled with a value: `"… %s" % x`.
    func formatted(by value: CodeValue, until mark: Character?) -> CodeValue {
        guard taint == nil, value.taint != nil else {
            var sum = self
            if taint == nil { sum.constant = nil }
            return sum
        }
        var sum = value
        var before = lead
        if let constant { before = mark.map { mark in String(constant.prefix { $0 != mark }) } ?? constant }
        let start = constant == nil && literals.isEmpty ? String(Self.unknown) : before
        (sum.lead, sum.literals, sum.isList, sum.constant) = (start, literals, false, nil)
        return sum
    }
}
