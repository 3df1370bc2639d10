import Core

extension SecretRule {
    /// Monitoring and error tracking.
    static let observabilityRules: [SecretRule] = [
        .token(
            "grafana-cloud-token", "Grafana Cloud token", ["glc_"], "glc_[A-Za-z0-9+/]{32,400}={0,3}",
            check: .lettersAndDigits,
            at: "Grafana Cloud → access policies"),
        .token(
            "grafana-service-account-token", "Grafana service account token", ["glsa_"],
            "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", check: .hexChecksum,
            at: "Grafana → administration → service accounts"),
        .token(
            "grafana-key", "Grafana API key", ["eyJrIjoi"], "(?i:eyJrIjoi[a-z0-9]{70,400}={0,3})",
            at: "Grafana → administration → API keys"),
        .token(
            "newrelic-key", "New Relic key", ["NRAK-", "NRII-", "NRJS-", "NRAL-"],
            #"NRAK-[A-Za-z0-9]{27}|NRII-[A-Za-z0-9\-]{32}|NRJS-[a-f0-9]{19}"#, at: "New Relic → API keys"),
        .around(
            "newrelic-license-key", "New Relic licence key", ["[a-f0-9]{4}NRAL"], before: 32, after: 16,
            "(?<![A-Za-z0-9])([a-f0-9]{36}NRAL)(?![A-Za-z0-9])", at: "New Relic → API keys"),
        .token(
            "sentry-org-token", "Sentry organisation token", ["sntrys_"],
            "sntrys_eyJ[A-Za-z0-9+/]{60,400}={0,2}_[A-Za-z0-9+/]{43}", check: .encodedObject("iat"),
            at: "Sentry → settings → auth tokens"),
        .token(
            "sentry-user-token", "Sentry user token", ["sntryu_"], "sntryu_[a-f0-9]{64}",
            at: "Sentry → user settings → auth tokens"),
        .token(
            "dynatrace-token", "Dynatrace token", [#"dt0[a-z][0-9]{2}\."#],
            #"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}"#,
            at: "Dynatrace → access tokens"),
    ]

    /// Identity providers, secret stores and keys of people.
    static let identityRules: [SecretRule] = [
        .token(
            "1password-secret-key", "1Password secret key", ["A3-[A-Z0-9]{4}"],
            "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
            severity: .critical,
            entropy: 3.5, at: "1Password → profile; regenerate the secret key"),
        .token(
            "1password-service-token", "1Password service account token", ["ops_eyJ"],
            "ops_eyJ[A-Za-z0-9+/]{250,2000}={0,3}",
            severity: .critical, entropy: 4, check: .encodedObject("secretKey"),
            at: "1Password → developer → service accounts"),
        .token(
            "age-secret-key", "age secret key", ["AGE-SECRET-KEY-1"],
            "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
            severity: .critical, entropy: 1, check: .bech32,
            at: "make a new identity and re-encrypt what the old one opens"
        ).allowingRepeats,
        .token(
            "jwt", "JSON Web Token", ["ey[IJ]"],
            #"ey[IJ][A-Za-z0-9_\-]{14,2000}+\.ey[A-Za-z0-9/_\-]{14,6000}+\.(?:[A-Za-z0-9/_\-]{10,1000}={0,2})?"#,
            severity: .medium,
            entropy: 3.5, check: .jsonWebToken, at: "the issuer; end the session or rotate the signing key"),
        .token(
            "jwt-base64", "JSON Web Token in base64", ["ZXlK"], #"ZXlK[A-Za-z0-9+/_\-]{60,8000}+={0,2}"#,
            severity: .medium, entropy: 4,
            check: .lettersAndDigits, at: "the issuer; end the session or rotate the signing key"),
        .token(
            "authress-key", "Authress service client key", ["scauth_", "sc_[a-z0-9]", "ext_[a-z0-9]", "authress_"],
            #"(?i:(?:scauth|sc|ext|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}"#
                + #"\.acc[_\-][a-z0-9\-]{10,32}\.[a-z0-9+/_=\-]{30,120})"#,
            at: "Authress → service clients → access keys"),
        .around(
            "sidekiq-url", "Sidekiq gem server credentials", [#"contribsys\.com"#], before: 48, after: 16,
            #"https?://([a-f0-9]{8}:[a-f0-9]{8})@(?:gems|enterprise)\.contribsys\.com"#, entropy: 2,
            at: "the Sidekiq account page"),
    ]
}

extension SecretRule {
    fileprivate var allowingRepeats: SecretRule {
        var rule = self
        rule.refusesRepeats = false
        return rule
    }
}
