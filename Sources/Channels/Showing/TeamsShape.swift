import Integrations
import JSON

/// Messages with an Adaptive Card: see ``TeamsCard``.
struct TeamsShape: ChannelShape {
    /// Of a table, in code points.
    private static let table = 4000

    var console: String?

    func reply(_ said: Said, code: String?) -> JSON {
        var body = TeamsCard.lines(said.text)
        if !said.rows.isEmpty {
            body += FixedTable.text(said, limit: Self.table).split(separator: "\n").map {
                TeamsCard.text(String($0), isFixed: true)
            }
        }
        if let plan = said.plan { body.append(TeamsCard.facts(plan.facts.pairs)) }
        if said.approval != nil || said.plan != nil, let code { body.append(TeamsCard.text(Self.how(code))) }
        return TeamsCard.message(body, links: [console.flatMap { base in said.link.map { base + $0 } }])
    }

    func approval(_ view: ApprovalView, code: String?) -> JSON {
        let head = view.outcome == nil ? "Somebody has to agree: \(view.title)" : view.title
        var body = [TeamsCard.text(head, isStrong: true), TeamsCard.facts(view.facts.pairs)]
        if let outcome = view.outcome {
            body.append(TeamsCard.text(outcome))
        } else if let code {
            body.append(TeamsCard.text(Self.how(code)))
        }
        return TeamsCard.message(body, links: [view.link])
    }

    func notice(_ notice: Notice, mention: String?) -> JSON { TeamsCard.notice(notice, mention: mention) }

    /// An outgoing webhook takes no submits: what a button would do is said.
    private static func how(_ code: String) -> String { "Say \"approve \(code)\" or \"deny \(code)\" to decide." }
}
