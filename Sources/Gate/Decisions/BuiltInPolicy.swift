public import Policy
import Rego

/// The default policy, with the tests that come with it. Both are part of the program: no file is needed to run it.
public enum BuiltInPolicy {
    /// What decides when nothing else is configured.
    public static let entryPoint = "gatehouse/gate/decision"
    /// The name of its bundle.
    public static let name = "gatehouse"
    /// Below `data`: policy of its own, which no other bundle may touch.
    static let root = "gatehouse/gate"

    public static let bundle = Bundle(
        manifest: Bundle.Manifest(revision: "1", roots: [root], regoVersion: .v1), modules: modules)

    public static let modules = [
        module("decision.rego", PackageResources.decision_rego),
        module("effects.rego", PackageResources.effects_rego),
        module("emergencies.rego", PackageResources.emergencies_rego),
        module("environments.rego", PackageResources.environments_rego),
        module("findings.rego", PackageResources.findings_rego),
        module("keys.rego", PackageResources.keys_rego),
        module("labels.rego", PackageResources.labels_rego),
        module("mcp.rego", PackageResources.mcp_rego),
        module("policies.rego", PackageResources.policies_rego),
        module("principals.rego", PackageResources.principals_rego),
        module("roles.rego", PackageResources.roles_rego),
        module("sessions.rego", PackageResources.sessions_rego),
        module("workflows.rego", PackageResources.workflows_rego),
    ]

    /// Rules named `test_…`, in packages beside that of the policy.
    public static let tests = [
        module("decision_test.rego", PackageResources.decision_test_rego),
        module("effects_test.rego", PackageResources.effects_test_rego),
        module("emergencies_test.rego", PackageResources.emergencies_test_rego),
        module("environments_test.rego", PackageResources.environments_test_rego),
        module("findings_test.rego", PackageResources.findings_test_rego),
        module("keys_test.rego", PackageResources.keys_test_rego),
        module("labels_test.rego", PackageResources.labels_test_rego),
        module("mcp_test.rego", PackageResources.mcp_test_rego),
        module("policies_test.rego", PackageResources.policies_test_rego),
        module("principals_test.rego", PackageResources.principals_test_rego),
        module("requests_test.rego", PackageResources.requests_test_rego),
        module("roles_test.rego", PackageResources.roles_test_rego),
        module("sessions_test.rego", PackageResources.sessions_test_rego),
        module("workflows_test.rego", PackageResources.workflows_test_rego),
    ]

    private static func module(_ path: String, _ text: [UInt8]) -> PolicyModule {
        PolicyModule(path: path, text: text, version: .v1)
    }
}
