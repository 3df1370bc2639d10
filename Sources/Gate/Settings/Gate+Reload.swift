public import Core
public import Policy

extension Gate {
    /// Other settings, read and checked, not yet in force.
    public struct Prepared: Sendable {
        let settings: GateSettings
        let own: OwnPolicy
        let rules: Identity.Rules
    }

    /// - Throws: `invalid`, and what reading the files of policy reports. Nothing has changed then, nor otherwise.
    public func prepare(_ settings: GateSettings) async throws -> Prepared {
        Prepared(
            settings: settings, own: try OwnPolicy(settings.policy), rules: try await identity.prepare(settings))
    }

    /// Puts settings in force, with the policy that they name. Where that differs, approvals that wait have to be asked
    /// for anew.
    ///
    /// - Parameters:
    ///   - bundles: beside the gate's own, all of which are to be active together.
    ///   - dropped: those that are no longer wanted.
    /// - Throws: `invalid` or `conflict` for policy that does not compile, does not go together, or does not define the
    ///   entry point; then everything is as it was.
    public func adopt(
        _ prepared: Prepared, with bundles: [String: Bundle] = [:], without dropped: Set<String> = []
    ) throws {
        let settings = prepared.settings
        try OwnPolicy.explained {
            try policies.replace(
                bundles.merging(prepared.own.bundles) { _, own in own }, without: dropped,
                entryPoint: decidesByPolicy ? settings.policy.required : nil)
        }
        decide(at: settings.policy.entryPoint)
        identity.adopt(prepared.rules)
        sessions.reload(settings)
        budgets.reload(settings)
        retention.reload(settings)
    }

    /// ``prepare(_:)`` and ``adopt(_:with:without:)`` for a gate that has no policy but its own.
    public func reload(_ settings: GateSettings) async throws { try adopt(try await prepare(settings)) }
}

extension PolicySettings {
    /// The built-in policy with one's own, without the bundles that are fetched.
    ///
    /// - Throws: `invalid` for what does not compile; `conflict` for what lies where other policy does.
    public func makeStore(clock: any WallClock = SystemWallClock()) throws -> PolicyStore {
        try OwnPolicy(self).store(clock: clock)
    }

    /// What must be defined for the gate to decide.
    public var required: RequiredEntryPoint { RequiredEntryPoint(entryPoint, setting: "policy.entry_point") }
}
