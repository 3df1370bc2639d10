public import Flow

/// The workflows that put agents together, for the library of a house that has agents.
public enum AgentWorkflows {
    /// `continuous-assessment`, `incident-response`, `compliance`.
    public static let all = [
        BuiltInWorkflow("continuous-assessment", PackageResources.continuous_assessment_yaml),
        BuiltInWorkflow("incident-response", PackageResources.incident_response_yaml),
        BuiltInWorkflow("compliance", PackageResources.compliance_yaml),
    ]
}
