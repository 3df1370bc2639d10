import TestSupport
/// Makes small policies by chance: what they say is senseless, but they compile, and most of their rules have a value.
///
/// Expressions have a type, so that checks for kinds that do not fit find nothing. Rules refer only to those before, so
/// that nothing is recursive.
///
/// What is known to divide engines is left out. regopy 1.5 takes `not f(x)` and `v := x > 1` to be defined where `x` is
/// not, while OPA evaluates `x` before and outside (and so do we): such expressions are made of what has a value. It
/// finds `not` to hold within `every` where it does not, reads `contains (1 + 2)` and a line that begins with a bracket
/// as a call, sorts a set into no array, leaves quotes in what `sprintf` makes of `%s`, and passes over `every` within
/// `every` or a comprehension.
struct RandomPolicy {
    enum Kind: CaseIterable { case number, text, bool, array, set, object }

    private var random: SeededRandom
    private var names = 0
    /// Rules by the kind of their value, as they are referred to.
    private var rules: [(name: String, kind: Kind)] = []
    /// Functions of one number, which give a number.
    private var functions: [String] = []
    /// Variables with a value at the place that is being written, by kind.
    private var variables: [(name: String, kind: Kind)] = []
    private var depth = 0
    /// Whether all that is written has a value.
    private var isTotal = false
    private var isWithinEvery = false
    private var isWithinClosure = false

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// The text of each rule, to be put behind `package t`, in whatever order.
    mutating func policy() -> [String] {
        var parts: [String] = []
        for _ in 0..<(4 + below(5)) { parts += definition() }
        return parts
    }

    static let input = """
        {"a": 3, "b": "text", "flag": true, "off": false, "xs": [5, 1, 4, 1], "ts": ["a", "b", "c"],
         "o": {"k": 2, "l": {"m": 7}}, "users": [{"name": "ann", "age": 31}, {"name": "bob", "age": 25}]}
        """

    // MARK: Chance

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    private mutating func isChosen(_ oneIn: Int) -> Bool { below(oneIn) == 0 }
    private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    private mutating func fresh(_ prefix: String) -> String {
        names += 1
        return "\(prefix)\(names)"
    }

    private mutating func scoped<T>(_ body: (inout RandomPolicy) -> T) -> T {
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        return body(&self)
    }

    private mutating func total<T>(_ body: (inout RandomPolicy) -> T) -> T {
        let outer = isTotal
        isTotal = true
        defer { isTotal = outer }
        return body(&self)
    }

    /// A line that gives a new variable a value, and the variable.
    private mutating func named(_ kind: Kind) -> (line: String, name: String) {
        let value = expression(kind)
        let name = fresh("w")
        return ("\t\(name) := \(value)\n", name)
    }

    // MARK: Rules

    private mutating func definition() -> [String] {
        switch below(8) {
        case 0: function()
        case 1: partialSet()
        case 2: partialObject()
        case 3: alternatives()
        case 4: indexed()
        default: complete()
        }
    }

    private mutating func complete() -> [String] {
        let name = fresh("r")
        let kind = pick(Kind.allCases)
        var parts: [String] = []
        if isChosen(3) { parts.append("default \(name) := \(literal(kind))") }
        var rule = scoped { maker in
            let (body, value) = (maker.body(), maker.named(kind))
            return "\(name) := \(value.name) if {\n\(body)\(value.line)}"
        }
        if isChosen(3) {
            rule += scoped { maker in
                let (body, value) = (maker.body(), maker.named(kind))
                return " else := \(value.name) if {\n\(body)\(value.line)}"
            }
        }
        parts.append(rule)
        rules.append((name, kind))
        return parts
    }

    /// Rules that may hold at a time, and conflict if they do not agree.
    private mutating func alternatives() -> [String] {
        let name = fresh("r")
        let value = literal(.number)
        let parts = (0..<(1 + below(3))).map { _ in
            scoped { maker in
                let body = maker.body()
                return "\(name) := \(maker.isChosen(8) ? maker.literal(.number) : value) if {\n\(body)}"
            }
        }
        rules.append((name, .number))
        return parts
    }

    /// Rules that an index tells apart.
    private mutating func indexed() -> [String] {
        let name = fresh("r")
        let place = pick(["input.a", "input.o.k", "input.o.l.m", "input[\"a\"]", "input.xs[1]"])
        let isSet = isChosen(2)
        var parts = (0..<8).map { number in
            scoped { maker in
                let equation = maker.pick([
                    "\(place) == \(number)", "\(number) == \(place)", "\(place) in {\(number), 9}",
                ])
                let more = maker.isChosen(3) ? maker.line(maker.condition()) : ""
                return "\(name) \(isSet ? "contains" : ":=") \(number) if {\n\t\(equation)\n\(more)}"
            }
        }
        if !isSet, isChosen(2) { parts.append("default \(name) := 100") }
        rules.append((name, isSet ? .set : .number))
        return parts
    }

    private mutating func partialSet() -> [String] {
        let name = fresh("s")
        let parts = (0..<(1 + below(3))).map { _ in
            scoped { maker in
                let (body, kind) = (maker.body(), maker.pick([Kind.number, .text, .bool]))
                let value = maker.named(kind)
                return "\(name) contains \(value.name) if {\n\(body)\(value.line)}"
            }
        }
        rules.append((name, .set))
        return parts
    }

    private mutating func partialObject() -> [String] {
        let name = fresh("o")
        let parts = (0..<(1 + below(2))).map { _ in
            scoped { maker in
                let (body, key) = (maker.body(), maker.named(.text))
                let value = maker.named(.number)
                return "\(name)[\(key.name)] := \(value.name) if {\n\(body)\(key.line)\(value.line)}"
            }
        }
        rules.append((name, .object))
        return parts
    }

    private mutating func function() -> [String] {
        let name = fresh("f")
        let outside = variables
        variables = [("n", .number)]
        defer { variables = outside }
        let parts = (0..<(1 + below(2))).map { number in
            let condition = number == 0 ? "n < 4" : "n >= 4"
            return "\(name)(n) := \(expression(.number)) if \(condition)"
        }
        functions.append(name)
        return parts
    }

    // MARK: Bodies

    private mutating func body() -> String {
        var lines = ""
        for _ in 0..<(1 + below(3)) {
            switch below(5) {
            case 0:
                let kind = pick(Kind.allCases)
                let value = expression(kind)
                let name = fresh("v")
                lines += "\t\(name) := \(value)\n"
                variables.append((name, kind))
            case 1:
                let collection = expression(.array)
                let name = fresh("v")
                lines += "\tsome \(name) in \(collection)\n"
                variables.append((name, .number))
            default: lines += line(condition())
            }
        }
        return lines
    }

    /// A condition on a line of its own.
    private mutating func line(_ condition: String) -> String {
        guard condition.hasPrefix("(") || condition.hasPrefix("[") || condition.hasPrefix("{") else {
            return "\t\(condition)\n"
        }
        let name = fresh("c")
        return "\t\(name) := \(condition)\n\t\(name)\n"
    }

    private mutating func condition() -> String {
        depth += 1
        defer { depth -= 1 }
        switch below(depth > 3 ? 4 : 10) {
        case 0: return "\(expression(.number)) \(pick(["<", "<=", ">", ">=", "==", "!="])) \(expression(.number))"
        case 1: return "\(expression(.text)) \(pick(["==", "!=", "<"])) \(expression(.text))"
        case 2: return pick(["input.flag", "input.off", "input.missing", "true"])
        case 3: return "\(expression(.number)) in \(expression(pick([.array, .set])))"
        case 4: return isWithinEvery ? "true" : negation()
        case 5: return "startswith(\(expression(.text)), \(expression(.text)))"
        case 6 where !isWithinEvery && !isWithinClosure:
            let collection = expression(.array)
            return scoped { maker in
                let name = maker.fresh("v")
                maker.variables.append((name, .number))
                let outer = maker.isWithinEvery
                maker.isWithinEvery = true
                defer { maker.isWithinEvery = outer }
                return "every \(name) in \(collection) {\n\(maker.line(maker.condition()))\t}"
            }
        case 7 where !isWithinClosure:
            let users = fresh("v")
            return "some \(users) in input.users\n\t\(users).age > \(10 + below(30))"
        case 8:
            guard !isWithinEvery, let rule = rules.isEmpty ? nil : pick(rules) else { return "true" }
            return "\(rule.name) == \(literal(rule.kind)) with input.a as \(below(9))"
        default: return expression(.bool)
        }
    }

    private mutating func negation() -> String {
        total { maker in
            switch maker.below(5) {
            case 0: "not input.missing"
            case 1: "not \(maker.expression(.number)) < \(maker.expression(.number))"
            case 2: "not \(maker.expression(.number)) in \(maker.expression(.array))"
            case 3: "not startswith(\(maker.expression(.text)), \(maker.expression(.text)))"
            default: "not \(maker.pick(["input.flag", "input.off"]))"
            }
        }
    }

    // MARK: Expressions

    mutating func literal(_ kind: Kind) -> String {
        switch kind {
        case .number: isChosen(6) ? "\(below(9)).5" : "\(below(9))"
        case .text: "\"\(pick(["", "a", "text", "Abc", "x,y", "ann"]))\""
        case .bool: pick(["true", "false"])
        case .array: "[\((0..<below(4)).map { _ in "\(below(6))" }.joined(separator: ", "))]"
        case .set: isChosen(5) ? "set()" : "{\((0...below(3)).map { _ in "\(below(6))" }.joined(separator: ", "))}"
        case .object: "{\"k\": \(below(5)), \"l\": \(below(5))}"
        }
    }

    private mutating func expression(_ kind: Kind) -> String {
        depth += 1
        defer { depth -= 1 }
        if depth > 3 || isChosen(4) { return simple(kind) }
        return switch kind {
        case .number: number()
        case .text: text()
        case .bool: bool()
        case .array: array()
        case .set: set()
        case .object: object()
        }
    }

    private mutating func simple(_ kind: Kind) -> String {
        let rules = isTotal ? [] : rules.filter { $0.kind == kind }.map(\.name)
        let known = variables.filter { $0.kind == kind }.map(\.name) + rules
        if !known.isEmpty, !isChosen(3) { return pick(known) }
        if isChosen(2) { return literal(kind) }
        return switch kind {
        case .number: pick(["input.a", "input.o.k", "input.o.l.m", "input.xs[0]", "input.users[1].age"])
        case .text: pick(["input.b", "input.ts[1]", "input.users[0].name"])
        case .bool: pick(["input.flag", "input.off"])
        case .array: "input.xs"
        case .set: "{1, 2, 3}"
        case .object: "{\"k\": input.o.k}"
        }
    }

    private mutating func number() -> String {
        switch below(9) {
        case 0: "(\(expression(.number)) \(pick(["+", "-", "*"])) \(expression(.number)))"
        case 1: "count(\(expression(pick([.array, .set, .object]))))"
        case 2: "sum(\(expression(.array)))"
        case 3 where !isTotal: "max(\(expression(.array)))"
        case 4: "abs(\(expression(.number)))"
        case 5 where !functions.isEmpty && !isTotal: "\(pick(functions))(\(expression(.number)))"
        case 6: "object.get(\(expression(.object)), \"k\", \(literal(.number)))"
        case 7: "(count(\(expression(pick([.array, .set])))) % \(2 + below(4)))"
        case 8 where !isTotal: "\(simple(.array))[\(below(3))]"
        default: simple(.number)
        }
    }

    private mutating func text() -> String {
        switch below(7) {
        case 0: "upper(\(expression(.text)))"
        case 1: "concat(\"-\", [\(expression(.text)), \(expression(.text))])"
        case 2: "sprintf(\"%d\", [count(\(expression(.array)))])"
        case 3: "replace(\(expression(.text)), \"a\", \"b\")"
        case 4: "substring(\(expression(.text)), 1, 2)"
        case 5: "trim_space(\(expression(.text)))"
        default: simple(.text)
        }
    }

    private mutating func bool() -> String {
        total { maker in
            switch maker.below(4) {
            case 0: "contains(\(maker.expression(.text)), \"a\")"
            case 1: "(\(maker.expression(.number)) > \(maker.expression(.number)))"
            case 2: "is_number(\(maker.expression(maker.pick([.number, .text]))))"
            default: maker.simple(.bool)
            }
        }
    }

    private mutating func array() -> String {
        switch below(6) {
        case 0: return "array.concat(\(expression(.array)), \(expression(.array)))"
        case 1: return "numbers.range(1, \(below(5)))"
        case 2: return "array.slice(\(expression(.array)), 0, 2)"
        case 3: return "[\(expression(.number)), \(expression(.number))]"
        case 4:
            return comprehension { maker, line in "[\(maker.expression(.number)) | \(line)]" }
        default: return "sort(input.xs)"
        }
    }

    private mutating func set() -> String {
        switch below(3) {
        case 0: "(\(expression(.set)) \(pick(["|", "&", "-"])) \(expression(.set)))"
        case 1: comprehension { maker, line in "{\(maker.expression(.number)) | \(line)}" }
        default: "{\(expression(.number)), \(expression(.number))}"
        }
    }

    private mutating func object() -> String {
        switch below(3) {
        case 0: "object.union(\(expression(.object)), \(expression(.object)))"
        case 1: total { "{\"k\": \($0.expression(.number)), \"m\": \($0.expression(.number))}" }
        default: "{u.name: u.age | some u in input.users; u.age > \(20 + below(15))}"
        }
    }

    private mutating func comprehension(_ write: (inout RandomPolicy, _ line: String) -> String) -> String {
        let collection = expression(.array)
        return scoped { maker in
            let name = maker.fresh("v")
            maker.variables.append((name, .number))
            let outer = maker.isWithinClosure
            maker.isWithinClosure = true
            defer { maker.isWithinClosure = outer }
            let line = "some \(name) in \(collection); \(maker.condition())"
            return write(&maker, line)
        }
    }
}
