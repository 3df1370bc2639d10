import Channels
import Gate

/// Who a channel's accounts are in this house: the configuration names principals by their ids, or people by their names.
enum ChannelCallers {
    static func of(_ gate: Gate) -> Channels.Callers {
        { name, _ in
            guard let principal = try await principal(name, gate.identity), !gate.identity.isStopped(principal.id)
            else { return nil }
            return try gate.enter(principal)
        }
    }

    /// Nil where there is none, and where a name stands for several: nobody speaks as somebody else.
    private static func principal(_ name: String, _ identity: Identity) async throws -> Principal? {
        let known = try await identity.principals()
        if let found = known.first(where: { $0.id == name }) { return found }
        let people = known.filter { $0.kind == .person && $0.name == name }
        return people.count == 1 ? people.first : nil
    }
}
