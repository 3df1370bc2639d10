public import Core
import Dialects
import JSON

/// What a council came to: each member's answer, who agrees with whom, and what all of it cost.
public struct Council: Sendable {
    public enum Result: String, Sendable {
        /// All that were asked say the same.
        case unanimous
        /// More than half of all that were asked do.
        case majority
        /// No answer has more than half of those asked behind it.
        case split
        /// Nobody answered, or fewer than the quorum.
        case failed
    }

    public struct Member: Sendable {
        /// As it was asked for.
        public let model: String
        /// Of its action, in the ledger.
        public let actionID: String
        public var text: String?
        var vote: Vote?
        public var error: GatehouseError?
        /// Nil where its call was refused before it began.
        var report: ModelReport?
        /// Whether what its model costs is known.
        var isPriced = true
    }

    public let id: String
    public let name: String?
    public let members: [Member]
    public let result: Result
    /// Places of members that say the same; the largest first, of equals that of the first member.
    let groups: [[Int]]
    public let quorum: Int

    init(id: String, name: String?, _ members: [Member], quorum: Int) {
        self.id = id
        self.name = name
        self.members = members
        self.quorum = quorum
        var byKey: [[UInt8]: [Int]] = [:]
        for (place, member) in members.enumerated() {
            if let key = member.vote?.key { byKey[key, default: []].append(place) }
        }
        groups = byKey.values.sorted { ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0) }
        let answered = groups.reduce(0) { $0 + $1.count }
        let most = groups.first?.count ?? 0
        result =
            if answered < max(1, quorum) { .failed } else if most == members.count {
                .unanimous
            } else if 2 * most > members.count { .majority } else { .split }
    }

    public var hasAgreed: Bool { result == .unanimous || result == .majority }

    /// The first of those whose answer is the council's; nil without one.
    public var speaker: Member? { hasAgreed ? groups.first?.first.map { members[$0] } : nil }

    /// Millionths of a US dollar.
    public var cost: Int64 { members.reduce(0) { sum, member in min(sum, .max - member.cost) + member.cost } }

    var tokens: (input: Int, output: Int) {
        members.reduce((0, 0)) { sum, member in
            (sum.0 + (member.report?.tokens.input ?? 0), sum.1 + (member.report?.tokens.output ?? 0))
        }
    }

    /// Why there is no answer that is the council's; nil where there is one.
    public var failure: GatehouseError? {
        guard !hasAgreed else { return nil }
        guard result == .failed else {
            return GatehouseError("models", .conflict, "the council is split", hint: "look at its answers")
        }
        let errors = members.compactMap(\.error)
        let codes = Set(errors.map(\.code))
        let said = errors.first.map { "\(members.first { $0.error != nil }?.model ?? ""): \($0.message)" }
        return GatehouseError(
            "models", codes.count == 1 ? codes.first ?? .unavailable : .unavailable,
            quorum > 1 ? "fewer members than the council's quorum of \(quorum) answered" : "no member answered",
            cause: said, retryAfter: errors.compactMap(\.retryAfter).min())
    }
}

extension Council.Member {
    var cost: Int64 { report?.cost ?? 0 }
}
