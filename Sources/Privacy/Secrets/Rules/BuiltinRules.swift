extension SecretRule {
    /// The formats that we know, written from their issuers' public descriptions.
    public static let builtin: [SecretRule] =
        cloudRules + codeRules + registryRules + modelRules + messagingRules + paymentRules + observabilityRules
        + platformRules
        + identityRules + productRules + assignedCloudRules + assignedProductRules + structureRules + publicRules
}

/// Shapes that several formats share.
enum Shape {
    static let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    static func hex(_ count: Int) -> String { "[0-9a-f]{\(count)}" }
    static func letters(_ count: String) -> String { "[a-z0-9]{\(count)}" }
    /// Letters, digits, underscore, hyphen, equals sign.
    static func wide(_ count: String) -> String { "[a-z0-9_=\\-]{\(count)}" }
}
