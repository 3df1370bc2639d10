/// How a part of an expression is written, for a trace; parts that are long have no text.
struct PartText {
    /// The texts of variables of the compiler's.
    let known: [String: String]
    let signatures: Signatures

    private static let greatestLength = 80

    func of(_ term: Term) -> String? {
        guard let text = text(term), text.utf8.count <= Self.greatestLength else { return nil }
        return text
    }

    private func text(_ term: Term) -> String? {
        switch term.node {
        case .variable(let name): NameSource.spelled(name) ?? known[name]
        case .null, .bool, .number, .string: term.constant?.description
        case .reference(let head, let path): reference(head, path)
        case .call(let function, let arguments): call(function, arguments)
        default: nil
        }
    }

    private func reference(_ head: Term, _ path: [Term]) -> String? {
        guard var written = text(head), path.count <= Self.greatestLength else { return nil }
        for step in path {
            if let name = step.string {
                written += RefText.step(name)
            } else if let name = step.variable, NameSource.isWildcard(name) {
                written += "[_]"
            } else {
                guard let key = text(step) else { return nil }
                written += "[\(key)]"
            }
        }
        return written
    }

    private func call(_ function: Term, _ arguments: [Term]) -> String? {
        guard let name = Resolver.dotted(function)?.joined(separator: "."), arguments.count <= 8 else { return nil }
        let written = arguments.compactMap { text($0) }
        guard written.count == arguments.count else { return nil }
        if written.count == 2 {
            if let infix = signatures.builtins[name]?.declaration.infix {
                return "\(written[0]) \(infix) \(written[1])"
            }
            if name == "internal.member_2" { return "\(written[0]) in \(written[1])" }
        }
        return "\(name)(\(written.joined(separator: ", ")))"
    }
}
