/// Writes syntax as text that reads as the same syntax.
struct RegoWriter {
    var signatures: Signatures?
    private(set) var text = ""

    init(_ signatures: Signatures? = nil) { self.signatures = signatures }

    static func text(of term: Term) -> String {
        var writer = RegoWriter()
        writer.write(term)
        return writer.text
    }

    static func text(of literal: Literal) -> String {
        var writer = RegoWriter()
        writer.write(literal)
        return writer.text
    }

    // MARK: Modules

    mutating func write(_ module: Module) {
        write("package ")
        writeSteps(module.package)
        write("\n")
        for rule in module.rules {
            write("\n")
            write(rule)
            write("\n")
        }
    }

    private mutating func writeSteps(_ names: [String]) {
        for (at, name) in names.enumerated() {
            if at == 0 { write(name) } else { writeStep(Term(.string(name), at: .start)) }
        }
    }

    mutating func write(_ rule: Rule) {
        if rule.isDefault { write("default ") }
        writeHead(rule)
        writeBody(rule)
        for branch in rule.otherwise {
            write(" else")
            writeValue(branch)
            writeBody(branch)
        }
    }

    private mutating func writeHead(_ rule: Rule) {
        write(rule.head)
        for step in rule.path { writeStep(step) }
        if let arguments = rule.arguments { writeList(arguments, "(", ")") }
        if let element = rule.element {
            write(" contains ")
            write(element)
        }
        writeValue(rule)
    }

    private mutating func writeValue(_ rule: Rule) {
        guard rule.element == nil else { return }
        write(" := ")
        write(rule.value ?? Term(.bool(true), at: rule.place))
    }

    private mutating func writeBody(_ rule: Rule) {
        guard !rule.body.isEmpty else { return }
        write(" if {\n")
        for literal in rule.body {
            write("\t")
            write(literal)
            write("\n")
        }
        write("}")
    }

    // MARK: Expressions

    mutating func write(_ body: [Literal], separator: String = "; ") {
        for (at, literal) in body.enumerated() {
            if at > 0 { write(separator) }
            write(literal)
        }
    }

    mutating func write(_ literal: Literal) {
        if literal.isNegated { write("not ") }
        switch literal.kind {
        case .term(let term): writeStatement(term, isNegated: literal.isNegated)
        case .some(let variables):
            write("some ")
            writeList(variables, "", "")
        case .someIn(let key, let value, let collection):
            write("some ")
            writeList((key.map { [$0] } ?? []) + [value], "", "")
            write(" in ")
            write(collection)
        case .every(let key, let value, let domain, let body):
            write("every ")
            writeList((key.map { [$0] } ?? []) + [value], "", "")
            write(" in ")
            write(domain)
            write(" { ")
            write(body)
            write(" }")
        }
        for with in literal.with {
            write(" with ")
            if case .call(let function, _) = with.target.node { write(function) } else { write(with.target) }
            write(" as ")
            if let name = with.value.variable, name.hasPrefix("@") {
                write(String(name.dropFirst()))
            } else {
                write(with.value)
            }
        }
    }

    /// A call that gives its result to a last argument is an equation, unless that would move it out of a `not`.
    private mutating func writeStatement(_ term: Term, isNegated: Bool) {
        guard case .call(let function, let arguments) = term.node, !isNegated,
            signatures?.capturesResult(function, arguments) ?? false, let output = arguments.last,
            output.variable != nil
        else { return write(term) }
        write(output)
        write(" = ")
        write(Term(.call(function, arguments.dropLast()), at: term.place))
    }

    // MARK: Terms

    mutating func write(_ term: Term) {
        switch term.node {
        case .null, .bool, .number, .string:
            write(term.constant?.description ?? "null")
        case .variable(let name): write(name)
        case .reference(let head, let path):
            write(head)
            for step in path { writeStep(step) }
        case .array(let terms): writeList(terms, "[", "]")
        case .set(let terms):
            if terms.isEmpty { write("set()") } else { writeList(terms, "{", "}") }
        case .object(let members):
            write("{")
            for (at, member) in members.enumerated() {
                if at > 0 { write(", ") }
                write(member)
            }
            write("}")
        case .arrayComprehension(let head, let body): writeClosure("[", [head], body, "]")
        case .setComprehension(let head, let body): writeClosure("{", [head], body, "}")
        case .objectComprehension(let head, let body): writeClosure("{", [head.key, head.value], body, "}")
        case .call(let function, let arguments): writeCall(function, arguments)
        case .template: break
        }
    }

    private mutating func write(_ member: Term.Member) {
        write(member.key)
        write(": ")
        write(member.value)
    }

    private mutating func writeClosure(_ open: String, _ heads: [Term], _ body: [Literal], _ close: String) {
        write(open)
        for (at, head) in heads.enumerated() {
            if at > 0 { write(": ") }
            write(head)
        }
        write(" | ")
        write(body)
        if body.isEmpty { write("true") }
        write(close)
    }

    private mutating func writeCall(_ function: Term, _ arguments: [Term]) {
        if arguments.count == 2, let name = function.variable, let infix = infix(name) {
            // An operator within an operator stands in parentheses.
            writeOperand(arguments[0])
            write(" \(infix) ")
            return writeOperand(arguments[1])
        }
        write(function)
        writeList(arguments, "(", ")")
    }

    private mutating func writeOperand(_ term: Term) {
        guard case .call(let function, let arguments) = term.node, arguments.count == 2,
            let name = function.variable, infix(name) != nil
        else { return write(term) }
        write("(")
        write(term)
        write(")")
    }

    private func infix(_ name: String) -> String? {
        name == "eq" ? "=" : signatures?.builtins[name]?.declaration.infix
    }

    private mutating func writeStep(_ step: Term) {
        if let name = step.string, Self.isName(name) {
            write(".")
            write(name)
        } else {
            write("[")
            write(step)
            write("]")
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        let isPlain = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
        return isPlain && !Parser.reserved.contains(text) && !Parser.laterKeywords.contains(text)
    }

    private mutating func writeList(_ terms: [Term], _ open: String, _ close: String) {
        write(open)
        for (at, term) in terms.enumerated() {
            if at > 0 { write(", ") }
            write(term)
        }
        write(close)
    }

    private mutating func write(_ string: String) { text += string }
}
