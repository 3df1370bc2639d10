/// Follows values through the functions of one file: what comes from outside, and where it ends. Branches are taken one
/// after the other; a value that was looked at by a check counts as checked from there on. Nothing is followed from one
/// function to another but into those that stand within.
struct CodeAnalysis {
    let language: CodeLanguage
    /// Full names of what the file imports.
    var aliases: [String: String] = [:]
    private(set) var flaws: [CodeFlaw] = []
    /// Whether a parameter called `request` is one from outside.
    private let isServer: Bool
    /// Whether keys may be made up here.
    let isTest: Bool
    let sinks: [CodeSink]

    /// Values within each other that are being looked at.
    var level = 0

    static let greatestFlaws = 200
    static let greatestLevel = 200

    init(_ language: CodeLanguage, modules: Set<String>, isTest: Bool) {
        self.language = language
        self.isTest = isTest
        sinks = CodeSink.all(language)
        isServer = language != .python || !modules.isDisjoint(with: CodeSources.pythonServers)
    }

    /// - Returns: nil for more code than is looked at.
    static func flaws(in bytes: [UInt8], _ language: CodeLanguage, isTest: Bool = false) -> (
        flaws: [CodeFlaw], isCutShort: Bool
    )? {
        guard CodeMarks.mayMatter(bytes, language) else { return ([], false) }
        var lexer = CodeLexer(bytes, language)
        guard let tokens = lexer.tokens() else { return nil }
        var parser = CodeParser(tokens, language)
        let statements = parser.file()
        var analysis = CodeAnalysis(language, modules: modules(statements), isTest: isTest)
        var names = CodeNames()
        analysis.walk(statements, &names)
        var seen: Set<String> = []
        let flaws = analysis.flaws.filter { seen.insert("\($0.rule.rawValue) \($0.range)").inserted }
        return (
            flaws.sorted { ($0.range.lowerBound, $0.rule.rawValue) < ($1.range.lowerBound, $1.rule.rawValue) },
            lexer.isCutShort
        )
    }

    private static func modules(_ statements: [CodeStatement]) -> Set<String> {
        var found: Set<String> = []
        for statement in statements {
            switch statement {
            case .alias(_, let name): found.insert(String(name.prefix { $0 != "." && $0 != "/" }))
            case .block(let inner), .type(let inner, _): found.formUnion(modules(inner))
            default: break
            }
        }
        return found
    }

    mutating func report(_ flaw: CodeFlaw) {
        if flaws.count < Self.greatestFlaws { flaws.append(flaw) }
    }

    // MARK: - Statements

    mutating func walk(_ statements: [CodeStatement], _ names: inout CodeNames) {
        // Functions of a file may use what is imported below them.
        for case .alias(let name, let full) in statements { aliases[name] = Self.module(full) }
        for statement in statements { walk(statement, &names) }
    }

    static func module(_ name: String) -> String { name.hasPrefix("node:") ? String(name.dropFirst(5)) : name }

    private mutating func walk(_ statement: CodeStatement, _ names: inout CodeNames) {
        switch statement {
        case .alias: break
        case .expression(let expression): _ = evaluate(expression, &names)
        case .condition(let expression): check(expression, &names)
        case .assign(let targets, let value, let isNew):
            if let module = required(value) { return bind(targets, to: module) }
            let found = evaluate(value, &names)
            for target in targets { assign(target, found, value, isNew: isNew, &names) }
        case .loop(let target, let source):
            let found = evaluate(source, &names)
            assign(target, found, source, isNew: true, &names)
        case .function(let function): enter(function, names)
        case .type(let members, _):
            var inner = names
            walk(members, &inner)
        case .block(let inner):
            names.depth += 1
            walk(inner, &names)
            names.depth -= 1
        }
    }

    /// JavaScript: `require('m')` is what an import is elsewhere.
    private func required(_ value: CodeExpression) -> String? {
        guard language == .javaScript, case .call(.name("require", _), let arguments, _) = value,
            case .literal(let module, _)? = arguments.first?.value
        else {
            if case .member(let base, let name, _) = value, let module = required(base) { return "\(module).\(name)" }
            return nil
        }
        return Self.module(module)
    }

    private mutating func bind(_ targets: [CodeExpression], to module: String) {
        for target in targets {
            switch target {
            case .name(let name, _): aliases[name] = module
            case .list(let items, _):
                for item in items {
                    guard case .name(let name, _) = item.value else { continue }
                    aliases[name] = "\(module).\(item.label ?? name)"
                }
            default: break
            }
        }
    }

    private mutating func assign(
        _ target: CodeExpression, _ value: CodeValue, _ source: CodeExpression, isNew: Bool, _ names: inout CodeNames
    ) {
        switch target {
        case .name(let name, let range):
            names.set(name, isNew ? value.passing(range.lowerBound) : (names[name] ?? CodeValue()).followed(by: value))
        case .list(let items, _):
            // Element by element where both sides have them.
            if case .list(let values, _) = source, values.count == items.count {
                for (item, element) in zip(items, values) {
                    let found = evaluate(element.value, &names)
                    assign(item.value, found, element.value, isNew: isNew, &names)
                }
                return
            }
            for item in items {
                var part = value
                if value.isRequest {
                    guard let member = item.label ?? Self.name(item.value) else { continue }
                    part =
                        CodeSources.isChosen(member, language)
                        ? .tainted(member, at: source.range.lowerBound) : CodeValue()
                }
                part.isList = false
                assign(item.value, part, .other(source.range), isNew: isNew, &names)
            }
        case .member(_, let member, let range):
            inspectAssignment(member, value, at: range.lowerBound..<source.range.upperBound)
        case .index(let base, let key, let range):
            if case .literal(let name, _) = key {
                inspectAssignment(name, value, at: range.lowerBound..<source.range.upperBound)
            }
            if case .name(let name, _) = base, value.taint != nil, names[name]?.taint == nil { names.set(name, value) }
        default: break
        }
    }

    static func name(_ expression: CodeExpression) -> String? {
        if case .name(let name, _) = expression { return name }
        return nil
    }

    // MARK: - Functions

    mutating func enter(_ function: CodeFunction, _ outer: CodeNames) {
        var names = outer
        names.depth += 1
        for decorator in function.decorators { _ = evaluate(decorator, &names) }
        let route = language == .python ? routed(function) : nil
        for (index, parameter) in function.parameters.enumerated() {
            var value = CodeValue()
            if isRequest(parameter, index, of: function) {
                value.isRequest = true
            } else if let route, isFromRoute(parameter) {
                let isWhole = route.contains("path:\(parameter.name)") || route.contains("\(parameter.name):path")
                let isNamed =
                    route.contains("<\(parameter.name)>") || route.contains("{\(parameter.name)}")
                    || route.contains(":\(parameter.name)>")
                value = .tainted(
                    "\(parameter.name), of the address", at: function.range.lowerBound, isSegment: isNamed && !isWhole)
            }
            names.set(parameter.name, value)
        }
        walk(function.body, &names)
    }

    /// The pattern of the address that a function answers, by its decorator; nil for none.
    private func routed(_ function: CodeFunction) -> String? {
        guard isServer else { return nil }
        for decorator in function.decorators {
            guard case .call(.member(_, let verb, _), let arguments, _) = decorator,
                ["route", "get", "post", "put", "delete", "patch", "websocket", "api_route"].contains(verb),
                case .literal(let pattern, _)? = arguments.first?.value, pattern.hasPrefix("/")
            else { continue }
            return pattern
        }
        return nil
    }

    /// What is a number, or made by the framework, leads nowhere.
    private func isFromRoute(_ parameter: CodeParameter) -> Bool {
        guard !["self", "cls", "request", "req", "session", "db", "app", "background_tasks"].contains(parameter.name)
        else { return false }
        return parameter.type.isEmpty
            || ["str", "bytes", "Optional[str]", "str|None", "Any", "list[str]", "List[str]"].contains(parameter.type)
    }

    private func isRequest(_ parameter: CodeParameter, _ index: Int, of function: CodeFunction) -> Bool {
        switch language {
        case .python:
            if ["request", "req"].contains(parameter.name), isServer { return index <= 1 }
            return parameter.name == "event" && function.parameters.count == 2
                && function.parameters[1].name == "context"
        case .javaScript:
            let names = function.parameters.map(\.name)
            if ["req", "request"].contains(parameter.name), names.count >= index + 2 {
                return ["res", "response", "reply", "rep", "h"].contains(names[index + 1])
            }
            if parameter.name == "ctx", index == 0 { return names.count <= 2 }
            return parameter.name == "event" && index == 0 && names.count >= 2 && names[1] == "context"
        case .go: return CodeSources.goRequests.contains(parameter.type)
        case .swift: return CodeSources.swiftRequests.contains(parameter.type)
        }
    }

    /// What the file itself calls a request: `from flask import request`.
    func isImportedRequest(_ name: String) -> Bool {
        guard language == .python, name == "request" else { return false }
        return CodeSources.requests.contains(aliases[name] ?? "")
    }

    // MARK: - Checks

    /// A condition: what it looks at counts as checked.
    mutating func check(_ expression: CodeExpression, _ names: inout CodeNames) {
        _ = evaluate(expression, &names)
        clear(expression, &names)
    }

    private func clear(_ expression: CodeExpression, _ names: inout CodeNames) {
        switch expression {
        case .truth(let parts, let operators):
            for part in parts { clear(part, &names) }
            if operators.contains("in") { for part in parts { clearRoots(part, &names) } }
        case .join(let parts, _, _): for part in parts { clear(part, &names) }
        case .call(let callee, let arguments, _):
            var name = ""
            if case .member(let base, let member, _) = callee {
                name = member
                if !CodeSources.idleChecks.contains(member) { clearRoots(base, &names) }
                // `os.path.commonpath([root, path]) == root`
                clear(base, &names)
            } else if case .name(let function, _) = callee {
                name = function
            }
            guard !CodeSources.idleChecks.contains(name) else { return }
            for argument in arguments { clearRoots(argument.value, &names) }
        default: break
        }
    }

    private func clearRoots(_ expression: CodeExpression, _ names: inout CodeNames) {
        switch expression {
        case .name(let name, _): names.clear(name)
        case .member(let base, _, _), .index(let base, _, _): clearRoots(base, &names)
        case .call(let callee, let arguments, _):
            clearRoots(callee, &names)
            for argument in arguments { clearRoots(argument.value, &names) }
        case .list(let items, _): for item in items { clearRoots(item.value, &names) }
        case .join(let parts, _, _), .truth(let parts, _), .text(let parts, _):
            for part in parts { clearRoots(part, &names) }
        default: break
        }
    }
}

/// The values of names at one point of a function.
struct CodeNames: Sendable {
    private var values: [String: CodeValue] = [:]
    private var depths: [String: Int] = [:]
    /// Of blocks within each other.
    var depth = 0

    subscript(name: String) -> CodeValue? { values[name] }

    /// What replaces a value in a branch only does not undo it: the other branch is still there.
    mutating func set(_ name: String, _ value: CodeValue) {
        if value.taint == nil, let old = values[name], old.taint != nil, depth > depths[name] ?? 0 {
            return
        }
        values[name] = value
        depths[name] = depth
    }

    mutating func clear(_ name: String) { values[name]?.taint = nil }
}
