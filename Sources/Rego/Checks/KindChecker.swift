/// Finds arguments and equations whose kinds can never fit: `count(1)`, `x := 1; x == "a"`.
///
/// Kinds are known of constants, collections, comprehensions and results of builtins; all else may be anything.
struct KindChecker {
    let signatures: Signatures
    let source: SourceText
    private var kinds: [String: Kinds] = [:]
    /// What was known of variables before, in the order in which more was learned.
    private var learned: [(name: String, before: Kinds?)] = []
    private(set) var errors: [RegoError] = []

    init(signatures: Signatures, source: SourceText) {
        self.signatures = signatures
        self.source = source
    }

    struct Kinds: OptionSet {
        var rawValue: UInt8
        static let any = Kinds(rawValue: 0x7F)

        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(only kind: RegoValue.Kind) { rawValue = 1 << kind.rawValue }

        init(of type: RegoType) {
            switch type {
            case .any: self = .any
            case .null: self.init(only: .null)
            case .boolean: self.init(only: .boolean)
            case .number: self.init(only: .number)
            case .string: self.init(only: .string)
            case .array: self.init(only: .array)
            case .object: self.init(only: .object)
            case .set: self.init(only: .set)
            case .union(let types): self = types.reduce(into: []) { $0.formUnion(Kinds(of: $1)) }
            }
        }

        /// As messages name them: `any<array, set>`.
        var description: String {
            if self == .any { return "any" }
            let names = RegoValue.Kind.allCases.filter { contains(Kinds(only: $0)) }.map { "\($0)" }
            return names.count == 1 ? names[0] : "any<\(names.joined(separator: ", "))>"
        }
    }

    mutating func check(_ body: [Literal]) {
        for literal in body {
            for with in literal.with { check(closuresOf: with.value) }
            switch literal.kind {
            case .some, .someIn: break
            case .every(_, _, _, let body): nested { $0.check(body) }
            case .term(let term):
                let isMocked = literal.with.contains { $0.replacesFunction }
                // What something is not says nothing of what it is.
                if literal.isNegated {
                    nested { $0.check(term, isMocked: isMocked) }
                } else {
                    check(term, isMocked: isMocked)
                }
            }
        }
    }

    /// What is found out in a closure is not known outside of it.
    private mutating func nested(_ check: (inout KindChecker) -> Void) {
        let mark = learned.count
        check(&self)
        while learned.count > mark {
            let (name, before) = learned.removeLast()
            kinds[name] = before
        }
    }

    private mutating func check(_ term: Term, isMocked: Bool) {
        guard case .call(let function, let arguments) = term.node else { return check(closuresOf: term) }
        for argument in arguments { check(closuresOf: argument) }
        guard let name = function.variable else { return }
        if name == "eq" || name == "equal", arguments.count == 2 {
            equate(arguments[0], arguments[1], at: term.place)
        } else if !isMocked, let declaration = signatures.builtins[name]?.declaration {
            check(name, declaration, arguments, at: term.place)
        }
    }

    private mutating func check(closuresOf term: Term) {
        switch term.node {
        case .arrayComprehension(_, let body), .setComprehension(_, let body), .objectComprehension(_, let body):
            nested { $0.check(body) }
        default: break
        }
    }

    private mutating func equate(_ left: Term, _ right: Term, at place: SourcePlace) {
        let (leftKinds, rightKinds) = (kinds(of: left), kinds(of: right))
        let shared = leftKinds.intersection(rightKinds)
        guard shared.isEmpty else { return learn(left, shared, and: right) }
        report("match error: left: \(leftKinds.description), right: \(rightKinds.description)", at: place)
    }

    private mutating func learn(_ left: Term, _ shared: Kinds, and right: Term) {
        for case let name? in [left.variable, right.variable] { learn(name, shared) }
    }

    private mutating func learn(_ name: String, _ new: Kinds) {
        guard kinds[name] != new else { return }
        learned.append((name, kinds[name]))
        kinds[name] = new
    }

    private mutating func check(
        _ name: String, _ declaration: Builtin.Declaration, _ arguments: [Term], at place: SourcePlace
    ) {
        for (argument, type) in zip(arguments, declaration.arguments) {
            let (have, want) = (kinds(of: argument), Kinds(of: type))
            guard have.isDisjoint(with: want) else { continue }
            return report(
                "\(name): invalid argument(s): have \(have.description), want \(want.description)", at: argument.place)
        }
        guard !declaration.isVariadic, !declaration.isRelation, arguments.count == declaration.arguments.count + 1,
            let output = arguments.last, let name = output.variable, let result = declaration.result
        else { return }
        learn(name, kinds(of: output).intersection(Kinds(of: result)))
        if kinds[name] == [] { report("match error: the result is \(Kinds(of: result).description)", at: place) }
    }

    private mutating func report(_ message: String, at place: SourcePlace) {
        errors.append(RegoError(.type, message, in: source, at: place))
    }

    private func kinds(of term: Term) -> Kinds {
        switch term.node {
        case .null: Kinds(only: .null)
        case .bool: Kinds(only: .boolean)
        case .number: Kinds(only: .number)
        case .string: Kinds(only: .string)
        case .variable(let name): kinds[name] ?? .any
        case .array, .arrayComprehension: Kinds(only: .array)
        case .object, .objectComprehension: Kinds(only: .object)
        case .set, .setComprehension: Kinds(only: .set)
        case .reference, .call, .template: .any
        }
    }
}

extension Literal.With {
    var replacesFunction: Bool { if case .call = target.node { true } else { false } }
}
