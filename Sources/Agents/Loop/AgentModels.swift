package import Models
import Synchronization

/// The models that agents may ask, which a new configuration changes.
package final class AgentModels: Sendable {
    private struct Settings: Sendable {
        var isThere: Bool
        /// By agent, before those of its own definition.
        var preferred: [String: [String]]
    }

    let gateway: ModelGateway
    private let settings: Mutex<Settings>

    /// - Parameters:
    ///   - isThere: whether the gateway has providers at all.
    ///   - preferred: by the agent's name, models in order of preference, as people write them.
    package init(_ gateway: ModelGateway, isThere: Bool, preferred: [String: [String]] = [:]) {
        self.gateway = gateway
        settings = Mutex(Settings(isThere: isThere, preferred: preferred))
    }

    /// Work that begins from now on goes by these.
    package func adopt(isThere: Bool, preferred: [String: [String]]) {
        settings.withLock { $0 = Settings(isThere: isThere, preferred: preferred) }
    }

    /// In order of preference; none where no provider is configured.
    func models(for definition: AgentDefinition) -> [String] {
        settings.withLock { $0.isThere ? ($0.preferred[definition.name] ?? []) + definition.models : [] }
    }
}
