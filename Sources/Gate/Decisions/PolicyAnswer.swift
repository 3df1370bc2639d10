import Core
import JSON
import Rego

/// Reads what policy answered. Nothing is guessed: what is not exactly a decision is a denial.
struct PolicyAnswer {
    /// What is wrong with an answer, in words.
    struct Malformed: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }

    /// Characters of a rule's id and of a reason, at most: what is longer is cut.
    static let longestRule = 256
    static let longestReason = 2000
    static let quorum = 1...20
    static let expires = 10...(30 * 86_400)

    private static let members = [
        Member.verdict, Member.rule, Member.reason, Member.approval, Member.constraints,
    ]
    private static let approvalMembers = [Member.roles, Member.quorum, Member.expires]

    /// The names of members, made once.
    private enum Member {
        static let verdict: RegoValue = "verdict"
        static let rule: RegoValue = "rule"
        static let reason: RegoValue = "reason"
        static let approval: RegoValue = "approval"
        static let constraints: RegoValue = "constraints"
        static let roles: RegoValue = "roles"
        static let quorum: RegoValue = "quorum"
        static let expires: RegoValue = "expires_seconds"
    }

    static func decision(_ value: RegoValue, _ revision: String) throws(Malformed) -> Decision {
        guard let answer = value.object else { throw Malformed("it is \(value.typeName), and no object") }
        try checkMembers(answer, members, of: "")
        let verdict = try verdict(answer)
        return Decision(
            verdict, reason: try text(answer, Member.reason, atMost: longestReason),
            rule: try text(answer, Member.rule, atMost: longestRule), constraints: try constraints(answer),
            policyRevision: revision)
    }

    private static func checkMembers(_ object: RegoObject, _ known: [RegoValue], of path: String) throws(Malformed) {
        guard known.count(where: { object[$0] != nil }) < object.count else { return }
        for key in object.keys where !known.contains(key) {
            throw Malformed("\(path)\(key.jsonKey.prefix(60)) is unknown")
        }
    }

    private static func text(_ object: RegoObject, _ key: RegoValue, atMost limit: Int) throws(Malformed) -> String {
        guard let value = object[key] else { throw Malformed("\(key.jsonKey) is missing") }
        guard let text = value.text, !text.isEmpty else { throw Malformed("\(key.jsonKey) is no text, or empty") }
        return text.utf8.count <= limit ? text : String(text.prefix(limit))
    }

    private static func verdict(_ answer: RegoObject) throws(Malformed) -> Decision.Verdict {
        switch try text(answer, Member.verdict, atMost: longestRule) {
        case "allow":
            guard answer[Member.approval] == nil else { throw Malformed("approval is only for the verdict ask") }
            return .allow
        case "deny": return .deny
        case "ask": return .ask(try approval(answer))
        default: throw Malformed("verdict is none of allow, ask and deny")
        }
    }

    private static func approval(_ answer: RegoObject) throws(Malformed) -> ApprovalRule {
        guard let value = answer[Member.approval] else { throw Malformed("approval is missing") }
        guard let approval = value.object else { throw Malformed("approval is no object") }
        try checkMembers(approval, approvalMembers, of: "approval.")
        let quorum = try number(approval, Member.quorum, within: Self.quorum) ?? 1
        let seconds = try number(approval, Member.expires, within: Self.expires) ?? 3600
        return ApprovalRule(roles: try roles(approval), quorum: quorum, expires: .seconds(seconds))
    }

    private static func roles(_ approval: RegoObject) throws(Malformed) -> Set<String> {
        let elements: [RegoValue]
        switch approval[Member.roles] {
        case .array(let array)?: elements = array.elements
        case .set(let set)?: elements = Array(set)
        default: throw Malformed("approval.roles is missing, or neither array nor set")
        }
        guard !elements.isEmpty else { throw Malformed("approval.roles is empty: there is nobody who may agree") }
        var roles: Set<String> = []
        for element in elements {
            guard let role = element.text, Identity.isRole(role) else {
                throw Malformed("approval.roles holds what is no role")
            }
            roles.insert(role)
        }
        return roles
    }

    private static func number(
        _ object: RegoObject, _ key: RegoValue, within range: ClosedRange<Int>
    ) throws(Malformed) -> Int? {
        guard let value = object[key] else { return nil }
        guard let number = value.number?.int, range.contains(number) else {
            throw Malformed(
                "approval.\(key.jsonKey) is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func constraints(_ answer: RegoObject) throws(Malformed) -> JSON {
        guard let value = answer[Member.constraints] else { return [:] }
        guard case .object = value else { throw Malformed("constraints is no object") }
        return value.json
    }
}
