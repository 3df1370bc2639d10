import Hub
import Intent

/// What can be named in a conversation beside the workflows and tools that there are: the repositories that were assessed, and
/// whom the house can tell something.
struct HouseInventory: Inventory {
    let repositories: @Sendable () async throws -> [String]
    let destinations: @Sendable () -> [String]

    /// Repositories that are known by name.
    private static let most = 1000

    func names() async throws -> [Gazetteer] {
        let repositories = try await repositories().prefix(Self.most).map { repository in
            let name = repository.split(separator: "/").last.map(String.init) ?? repository
            return Gazetteer.Entry(repository, aliases: [name])
        }
        return [
            Gazetteer("destination", values: destinations(), cues: ["destination", "integration"]),
            Gazetteer("repository", repositories, cues: ["repository", "repo"]),
        ]
    }
}
