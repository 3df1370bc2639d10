import Core

extension SecretRule {
    /// Values that look like secrets and are made to be seen: they are never reported, and keep the rules that go by a
    /// name alone from reporting them.
    static let publicRules: [SecretRule] = [
        .harmless("stripe-publishable-key", ["pk_(?:live|test)_"], "(pk_(?:live|test)_[A-Za-z0-9]{10,120})"),
        .harmless(
            "google-oauth-client-id", [#"\.apps\.googleuserc"#], before: 64,
            #"(?<![A-Za-z0-9_\-])([0-9]{6,21}-[a-z0-9]{32}\.apps\.googleusercontent\.com)"#),
        .harmless(
            "mailchimp-sdk-token", [#"initialize\(token: "#], #"initialize\(token: "?([0-9a-f]{32}-us[0-9]{1,2})"#),
        .harmless(
            "subresource-integrity", ["sha(?:256|384|512)-[A-Za-z0-9+/]"],
            "(sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==))"),
        .harmless("ssh-public-key", ["AAAA[BEC]3NzaC1"], "(AAAA[BEC]3NzaC1[A-Za-z0-9+/]{40,1400}={0,3})"),
    ]

    /// - Parameters:
    ///   - before: how many bytes before an anchor the pattern may begin.
    ///   - pattern: group 1 is the harmless value.
    private static func harmless(
        _ id: String, _ anchors: [String], before: Int = 0, _ pattern: String
    ) -> SecretRule {
        var rule = SecretRule(
            id: id, title: "Public by its nature", severity: .info, specificity: .format,
            anchors: anchors.map { Anchor($0) }, pattern: pattern,
            minimumEntropy: 0, remedy: "")
        rule.lookBehind = before
        rule.isHarmless = true
        return rule
    }
}
