import Core
import Gate

extension Hub {
    private static let most = 3
    /// Where nothing was said that something could follow.
    private static let first = ["findings.first", "approvals.list", "workflows.list", "abilities"]

    /// What may be said next: what this principal usually says after this, what people usually do, and nothing that
    /// policy would deny them.
    func suggestions(
        _ conversation: Conversation, _ catalogue: Catalogue, _ caller: Caller
    ) async throws -> [String] {
        var names: [String] = []
        if let last = conversation.lastIntent {
            names = try await tables.followers(of: last, for: caller.principal.id) + (catalogue[last]?.next ?? [])
        }
        var seen: Set<String> = [conversation.lastIntent ?? ""]
        let candidates = (names + Self.first).filter { seen.insert($0).inserted }.compactMap { catalogue[$0] }
        let sayable = candidates.compactMap { intent in Self.saying(intent, conversation).map { (intent, $0) } }
        let permitted = try await permitted(sayable.map(\.0), caller)
        return zip(sayable, permitted).filter(\.1).prefix(Self.most).map(\.0.1)
    }

    /// All that the caller can do, with how it is said.
    func abilities(_ catalogue: Catalogue, _ conversation: Conversation, _ caller: Caller) async throws -> Reply {
        let intents = catalogue.intents.filter { $0.call != nil || $0.reflex == .undo }
        let permitted = try await permitted(intents, caller)
        let rows = zip(intents, permitted).filter(\.1).map { [$0.0.title, $0.0.phrases.first ?? ""] }
        var reply = Reply("This is what I can do for you. What changes something I say first, and do after a yes.")
        reply.table = Reply.Table(columns: ["I can", "Say"], rows: Array(rows.prefix(100)), total: rows.count)
        return reply
    }

    /// By what the gate foresees, with no arguments yet.
    private func permitted(_ intents: [ConversationIntent], _ caller: Caller) async throws -> [Bool] {
        let asked = intents.filter { $0.call != nil }
        let requests = asked.compactMap { intent in
            intent.call.map { ActionRequest(tool: $0.tool, target: $0.target.text([:])) }
        }
        let foreseen = (try? await gate.foresee(requests, as: caller)) ?? requests.map { _ in false }
        let denied = Set(zip(asked, foreseen).filter { !$0.1 }.map(\.0.name))
        return intents.map { !denied.contains($0.name) }
    }

    /// A way to say it of which all is known.
    private static func saying(_ intent: ConversationIntent, _ conversation: Conversation) -> String? {
        if intent.reflex == .undo, conversation.lastChange == nil { return nil }
        if intent.reflex == .cancel, conversation.lastRun == nil { return nil }
        if intent.reflex == .status, conversation.remembered.isEmpty { return nil }
        for saying in intent.sayings {
            let names = ArgumentTemplate.names(in: saying)
            if names.isEmpty { return saying }
            guard let repository = conversation.repository,
                names.allSatisfy({ intent.slot($0)?.kind == .repository })
            else { continue }
            let slots = Dictionary(names.map { ($0, repository) }) { first, _ in first }
            return ArgumentTemplate.filled(saying, slots)
        }
        return nil
    }
}
