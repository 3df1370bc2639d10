extension HCLEvaluator {
    func call(
        _ name: String, _ arguments: [HCLExpression], _ expandsLast: Bool, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        let name = name.hasPrefix("core::") ? String(name.dropFirst(6)) : name
        switch name {
        case "try": return try firstThatWorks(arguments, place)
        case "can":
            guard arguments.count == 1 else { throw HCLProblem("can takes one argument", at: place) }
            let value = try? evaluate(arguments[0])
            return value?.unknowns.map { .unknown($0) } ?? .bool(value != nil)
        default: break
        }
        var values: [HCLValue] = []
        for argument in arguments { values.append(try evaluate(argument)) }
        if expandsLast, let last = values.popLast() {
            if let unknown = last.unknown { return .unknown(HCLUnknown(references: unknown.references)) }
            guard let elements = last.elements else {
                throw HCLProblem("only a list can be expanded into arguments, not \(last.kindName)", at: place)
            }
            values += elements
        }
        try budget.spend(values.reduce(1) { $0 + Self.weight($1) }, at: place)
        if let value = try readingFiles(name, values, place) { return value }
        return try functions.call(name, values, at: place)
    }

    private static func weight(_ value: HCLValue) -> Int {
        switch value {
        case .list(let elements), .set(let elements): elements.count
        case .object(let object): object.members.count
        case .string(let text): text.utf8.count >> 6
        default: 1
        }
    }

    private func firstThatWorks(_ arguments: [HCLExpression], _ place: HCLPlace) throws(HCLProblem) -> HCLValue {
        for argument in arguments {
            if let value = try? evaluate(argument) { return value }
        }
        throw HCLProblem("no argument of try can be evaluated", at: place)
    }

    // MARK: Files

    private func readingFiles(
        _ name: String, _ values: [HCLValue], _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue? {
        guard name == "file" || name == "templatefile" || name == "fileexists" else { return nil }
        guard case .string(let path)? = values.first else { return .unknown(values.first?.unknown ?? HCLUnknown()) }
        guard let text = scope.readFile(path) else {
            // Whether it is there where the configuration is applied is another question.
            return .unknown(HCLUnknown(text: "${\(name)(\"\(path)\")}"))
        }
        switch name {
        case "file": return .string(text)
        case "fileexists": return .bool(true)
        default: return try render(text, values.count > 1 ? values[1] : .object(HCLObject()), path, place)
        }
    }

    private func render(
        _ text: String, _ variables: HCLValue, _ path: String, _ place: HCLPlace
    ) throws(HCLProblem) -> HCLValue {
        guard let object = variables.object else { return .unknown(variables.unknowns ?? HCLUnknown()) }
        let template: HCLExpression
        do throws(HCLProblem) { template = try HCLParser.parseTemplate(text) } catch {
            throw HCLProblem("the template \(path.prefix(200)) has an error at \(error)", at: place)
        }
        var inner = HCLEvaluator(scope: TemplateScope(outer: scope), functions: functions, budget: budget)
        for member in object.members { inner = inner.binding(member.key, to: member.value) }
        return try inner.evaluate(template)
    }
}

/// A template's file knows its variables and nothing else.
private struct TemplateScope: HCLScope {
    let outer: any HCLScope

    func resolve(_ path: HCLPath) throws(HCLProblem) -> HCLResolution {
        throw HCLProblem("the template has no variable \(path.root)", at: path.place)
    }

    func readFile(_ path: String) -> String? { outer.readFile(path) }
}
