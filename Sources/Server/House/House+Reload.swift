import Agents
import Channels
import Core
import Federation
import Flow
import Gate
import Integrations
import Logging
import Scan
import Models
import Privacy
import Synchronization

extension House {
    /// Reads the configuration again. Everything that it names is read, fetched and compiled first; what does not hold is
    /// refused as a whole, and the last good one stays in force.
    public func reload() async {
        do {
            try workflows.library.reload()
            try agents.library.reload()
            guard let path = current.withLock({ $0.path }) else {
                return logger.info("workflows read again; the house runs without a configuration file")
            }
            let new = try HouseConfiguration.load(path)
            let isAsPrivate = current.withLock { $0.privacy == new.privacy }
            let privacy = isAsPrivate ? nil : try new.privacy.makeSetup()
            let (settings, bundles) = (try await gate.prepare(new.gate), try await policy.prepare(.init(new)))
            try gate.adopt(settings, with: bundles.bundles, without: bundles.dropped)
            policy.adopt(bundles)
            assessRoots.folders = new.assess.roots
            assessRules.rules = new.assess.rules
            dependencies.current = new.assess.dependencies
            levels.current = new.assess.levels
            externalTools.settings = new.assess.tools
            models.adopt(new.models)
            agents.models?.adopt(isThere: !new.models.providers.isEmpty, preferred: new.agentsModels)
            telemetry.adopt(new)
            federation.adopt(new.federation)
            integrations.adopt(new.integrations)
            channels.adopt(new.channels)
            transcriber.model.name = new.conversation.transcribes
            if let privacy { models.privacy.shared.adopt(privacy) }
            current.withLock { $0 = new }
            metrics.reloads.add(1, ["done"])
            logWarnings()
            logger.notice("configuration reloaded", metadata: ["path": .string(path)])
        } catch {
            metrics.reloads.add(1, ["refused"])
            logger.error(
                "configuration not reloaded; the last good one stays in force", metadata: ["error": "\(error)"])
        }
    }
}
