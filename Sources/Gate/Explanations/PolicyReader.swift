import JSON
import Policy
import Rego
import Synchronization

/// A snapshot read for explanations: its decision rules, taken apart, with their metadata.
struct PolicyReader: Sendable {
    /// The sets of answers, the organisation's own first, in each the strictest first.
    static let verdicts = ["deny", "ask", "allow"]
    private static let own = ["gatehouse", "custom"]
    private static let builtIn = ["gatehouse", "gate"]

    /// What a block of METADATA says of a rule.
    struct Metadata: Sendable {
        var title: String?
        var description: String?
        var id: String?
        var remedy: String?

        init(_ value: RegoValue) {
            title = value["title"]?.text
            description = value["description"]?.text
            id = value["custom"]?["id"]?.text
            remedy = value["custom"]?["remedy"]?.text
        }
    }

    let snapshot: PolicySnapshot
    let conditions: RuleConditions
    private let modules: [String: Module]
    /// Of rules with metadata, by path: of several with one name the first.
    private let metadata: [[String]: Metadata]

    /// - Throws: what compiling reports.
    init(_ snapshot: PolicySnapshot) throws {
        self.snapshot = snapshot
        let paths = [Self.own, Self.builtIn].flatMap { package in Self.verdicts.map { package + [$0] } }
        conditions = try RuleConditions(of: Set(paths), in: snapshot.compiler)
        modules = Dictionary(
            snapshot.compiler.modules.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var metadata: [[String]: Metadata] = [:]
        for module in snapshot.compiler.modules {
            for annotation in module.annotations {
                guard let rule = annotation.rule, case .variable(let name) = module.rules[rule].head.node else {
                    continue
                }
                let path = module.package + [name]
                if metadata[path] == nil { metadata[path] = Metadata(annotation.value) }
            }
        }
        self.metadata = metadata
    }

    func isOwn(_ site: RuleConditions.Site) -> Bool { site.path.starts(with: Self.own) }

    /// The metadata that stands before exactly this rule.
    func metadata(of site: RuleConditions.Site) -> Metadata? {
        modules[site.module]?.annotations.last { $0.rule == site.rule }.map { Metadata($0.value) }
    }

    /// The id that the rule gives itself: in its metadata, or as a constant in its answer.
    func id(of site: RuleConditions.Site) -> String? {
        if let id = metadata(of: site)?.id { return id }
        guard case .object(let members)? = modules[site.module]?.rules[site.rule].element?.node else { return nil }
        for member in members {
            if case .string("rule") = member.key.node, case .string(let id) = member.value.node { return id }
        }
        return nil
    }

    // MARK: Conditions

    /// A line of a rule, in words as far as policy has them.
    func condition(_ at: Int, of site: RuleConditions.Site, _ input: RegoValue) -> (
        condition: Explanation.Condition, remedy: String?
    ) {
        let line = site.conditions[at]
        let named = rule(named: line, in: site).flatMap { metadata[$0] }
        let next = site.conditions.indices.contains(at + 1) ? site.conditions[at + 1].place.offset : nil
        let title = named?.title.map { line.isNegated ? "not: \($0)" : $0 }
        let condition = Explanation.Condition(
            text: text(of: line, until: next, site.module), title: title,
            place: "\(site.module):\(line.place.row)", actual: actual(line, input))
        return (condition, line.isNegated ? nil : named?.remedy)
    }

    /// The path of the rule that a line consists of.
    private func rule(named line: Literal, in site: RuleConditions.Site) -> [String]? {
        guard case .term(let term) = line.kind else { return nil }
        switch term.node {
        case .variable(let name): return Array(site.path.dropLast()) + [name]
        case .reference(let head, let steps):
            guard case .variable(let root) = head.node else { return nil }
            let names = steps.compactMap { step in if case .string(let name) = step.node { name } else { nil } }
            guard names.count == steps.count else { return nil }
            if root == "data" { return names }
            let imported = modules[site.module]?.imports.first { $0.name == root }?.path
            return imported?.first == "data" ? imported.map { $0.dropFirst() + names } : nil
        default: return nil
        }
    }

    /// What the input has where a line compares it with something.
    private func actual(_ line: Literal, _ input: RegoValue) -> JSON? {
        guard case .term(let term) = line.kind, case .call(let function, let operands) = term.node,
            case .variable(let name) = function.node, ["equal", "eq", "neq", "internal.member_2"].contains(name)
        else { return nil }
        for operand in operands {
            guard case .reference(let head, let steps) = operand.node, case .variable("input") = head.node else {
                continue
            }
            var value: RegoValue? = input
            for step in steps {
                guard case .string(let key) = step.node else { return nil }
                value = value?[RegoValue(key)]
            }
            return value?.json ?? .null
        }
        return nil
    }

    /// The line as it is spelled, up to the next one or the end of its row.
    private func text(of line: Literal, until next: Int32?, _ module: String) -> String {
        guard let bytes = snapshot.modules[module]?.text, bytes.indices.contains(Int(line.place.offset)) else {
            return ""
        }
        let rest = bytes[Int(line.place.offset)..<min(bytes.count, next.map(Int.init) ?? bytes.count)]
        let row = rest.prefix { $0 != UInt8(ascii: "\n") }.prefix(200)
        var text = row[...]
        let closes = text.filter { $0 == UInt8(ascii: "}") }.count
        let opens = text.filter { $0 == UInt8(ascii: "{") }.count
        let fill: Set<UInt8> = [0x20, 0x09, 0x0d, UInt8(ascii: ";")]
        while let last = text.last, fill.contains(last) { text.removeLast() }
        if closes > opens, text.last == UInt8(ascii: "}") { text.removeLast() }
        while let last = text.last, fill.contains(last) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The reader of the snapshot that was explained last.
final class PolicyReaderCache: Sendable {
    private let reader = Mutex<PolicyReader?>(nil)

    func reader(of snapshot: PolicySnapshot) throws -> PolicyReader {
        if let known = reader.withLock({ $0 }), known.snapshot === snapshot { return known }
        let made = try PolicyReader(snapshot)
        reader.withLock { $0 = made }
        return made
    }
}
