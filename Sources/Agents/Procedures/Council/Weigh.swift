import Core
import JSON

/// Weighs a proposal: several sets of rules judge it, each by other facts and blind to the others, and what more than
/// half of all say is the council's word. A set that has nothing to judge by abstains, which agrees with nobody.
///
/// Input: `proposal` with what is known of a change: `fixes` as the fixer gives them, `findings`, and
/// `diff` or the fixer's `change`.
struct Weigh: Procedure {
    private static let benches: [any Bench] = [SeverityBench(), SizeBench(), BlastBench(), ProofBench()]

    let name = "weigh"

    func run(_ task: AgentTask, with tools: AgentTools) async throws -> JSON {
        let input = TaskInput(task, of: name)
        guard let json = try input.object("proposal") else {
            throw input.missing("no proposal", hint: "give an object with fixes and diff, as the fixer gives them")
        }
        let proposal = ChangeProposal(json)
        return Tally(Self.benches.map { ($0.name, $0.opinion(on: proposal)) }).json
    }
}

/// What may be said of a proposal.
enum Verdict: String, CaseIterable, Sendable {
    /// Go ahead.
    case approve
    /// Make it smaller, or prove it first.
    case revise
    /// Not like this.
    case refuse
}

/// One set of rules. It sees the proposal, and nothing of what the others say.
protocol Bench: Sendable {
    var name: String { get }
    func opinion(on proposal: ChangeProposal) -> Opinion
}

struct Opinion: Sendable {
    /// Nil for one that abstains.
    let verdict: Verdict?
    let reason: String

    init(_ verdict: Verdict?, _ reason: String) { (self.verdict, self.reason) = (verdict, reason) }
}

/// What the benches came to.
struct Tally {
    let votes: [(by: String, opinion: Opinion)]

    init(_ votes: [(String, Opinion)]) { self.votes = votes.map { (by: $0.0, opinion: $0.1) } }

    /// What more than half of all say; nil where nothing has them behind it.
    var verdict: Verdict? {
        Verdict.allCases.first { verdict in 2 * votes.count { $0.opinion.verdict == verdict } > votes.count }
    }

    /// By the words of a council of models: `unanimous`, `majority`, `split`.
    var result: String {
        guard let verdict else { return "split" }
        return votes.allSatisfy { $0.opinion.verdict == verdict } ? "unanimous" : "majority"
    }

    var json: JSON {
        let agreed = verdict
        return [
            "result": .string(result), "value": agreed.map { .string($0.rawValue) } ?? .null,
            "votes": .array(votes.map(Self.json)),
            "dissent": .array(votes.filter { agreed == nil || $0.opinion.verdict != agreed }.map(Self.json)),
        ]
    }

    private static func json(_ vote: (by: String, opinion: Opinion)) -> JSON {
        [
            "by": .string(vote.by), "value": vote.opinion.verdict.map { .string($0.rawValue) } ?? .null,
            "reason": .string(vote.opinion.reason),
        ]
    }
}
