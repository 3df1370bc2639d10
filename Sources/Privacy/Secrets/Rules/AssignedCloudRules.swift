import Core

extension SecretRule {
    /// Infrastructure and delivery: values that the name of the service gives away.
    static let assignedCloudRules: [SecretRule] = [
        .assigned(
            "aws-secret-access-key", "AWS secret access key",
            ["aws_secret", "aws-secret", "awssecret", "secret_access_key", "secretaccesskey"],
            "[A-Za-z0-9/+=]{40}", severity: .critical, entropy: 4, check: .lettersAndDigits,
            at: "AWS IAM → security credentials"),
        .assigned(
            "alibaba-secret", "Alibaba Cloud access key secret", ["alibaba", "aliyun"], Shape.letters("30"),
            severity: .high, at: "Alibaba Cloud RAM → AccessKey"),
        .assigned(
            "azure-client-secret", "Azure client secret", ["azure_client_secret", "arm_client_secret"],
            #"[a-z0-9_~.\-]{32,44}"#, severity: .high, entropy: 3.5, at: "Microsoft Entra ID → app registrations"),
        .assigned(
            "bitbucket-credential", "Bitbucket OAuth client credential", ["bitbucket"],
            "(?:[a-z0-9]{32}|[a-z0-9_=\\-]{64})", severity: .high, at: "Bitbucket → OAuth consumers"),
        .assigned(
            "atlassian-legacy-token", "Atlassian API token (before 2022)", ["atlassian", "confluence", "jira"],
            "[a-z0-9]{20}[a-f0-9]{4}", severity: .high, entropy: 3.2, check: .lettersAndDigits,
            at: "https://id.atlassian.com → security → API tokens"),
        .assigned(
            "cloudflare-key", "Cloudflare API token", ["cloudflare"], #"[a-z0-9_\-]{40}"#, severity: .high,
            at: "Cloudflare → profile → API tokens"),
        .assigned(
            "cloudflare-global-key", "Cloudflare global API key", ["cloudflare"], Shape.hex(37), severity: .critical,
            at: "Cloudflare → profile → API keys → global API key; change"),
        .assigned(
            "meraki-key", "Cisco Meraki API key", ["meraki"], "(?-i:[0-9a-f]{40})", severity: .high, entropy: 3.2,
            at: "Meraki dashboard → my profile → API access"),
        .assigned("codecov-token", "Codecov token", ["codecov"], Shape.letters("32"), at: "Codecov → settings"),
        .assigned(
            "confluent-key", "Confluent key", ["confluent"], "(?:[a-z0-9]{64}|[a-z0-9]{16})", severity: .high,
            check: .lettersAndDigits, at: "Confluent Cloud → API keys"),
        .assigned(
            "droneci-token", "Drone CI token", ["droneci", "drone_"], Shape.letters("32"), at: "Drone → account"),
        .assigned(
            "fastly-token", "Fastly API token", ["fastly"], Shape.wide("32"), severity: .high, check: .lettersAndDigits,
            at: "Fastly → account → API tokens"),
        .assigned(
            "heroku-key", "Heroku API key", ["heroku"], Shape.uuid, severity: .high,
            at: "Heroku → account settings → API key"),
        .assigned(
            "jfrog-token", "JFrog token", ["jfrog", "artifactory", "bintray", "xray"], "(?:[a-z0-9]{73}|[a-z0-9]{64})",
            severity: .high, entropy: 3.5, at: "JFrog → administration → access tokens"),
        .assigned(
            "launchdarkly-token", "LaunchDarkly token", ["launchdarkly"],
            "(?:(?:sdk|api|mob)-)?(?:\(Shape.uuid)|[a-z0-9_=\\-]{40})",
            at: "LaunchDarkly → account settings → authorization"),
        .assigned(
            "netlify-token", "Netlify access token", ["netlify"], Shape.wide("40,46"), severity: .high,
            at: "Netlify → user settings → applications"),
        .assigned(
            "okta-token", "Okta API token", ["okta"], #"00[a-z0-9_=\-]{40}"#, severity: .critical, entropy: 4,
            at: "Okta admin → security → API → tokens"),
        .assigned("snyk-key", "Snyk API key", ["snyk"], Shape.uuid, severity: .high, at: "Snyk → account settings"),
        .assigned(
            "sonar-key", "Sonar login token", ["sonar"], "(?:sq[upa]_)?[a-z0-9_=\\-]{40}",
            at: "SonarQube → my account → security"),
        .assigned(
            "travis-token", "Travis CI token", ["travis"], "[a-z0-9_\\-]{22}", check: .lettersAndDigits,
            at: "Travis CI → settings → API authentication"),
        .assigned(
            "sourcegraph-key", "Sourcegraph key", ["sourcegraph"], Shape.hex(40),
            at: "Sourcegraph → settings → access tokens"),
        .assigned(
            "datadog-key", "Datadog key", ["datadog", "dd_api_key", "dd_app_key"], "(?:[a-z0-9]{40}|[a-f0-9]{32})",
            severity: .high, check: .lettersAndDigits, at: "Datadog → organisation settings → API keys"),
        .assigned(
            "newrelic-secret", "New Relic user key", ["new-relic", "newrelic", "new_relic"], Shape.letters("64"),
            at: "New Relic → API keys"),
        .assigned("sentry-token", "Sentry token", ["sentry"], Shape.hex(64), at: "Sentry → settings → auth tokens"),
        .assigned(
            "sumologic-key", "Sumo Logic credential", ["sumo"], "(?:su[a-z0-9]{12}|[a-z0-9]{64})",
            check: .lettersAndDigits, at: "Sumo Logic → preferences → access keys"),
        .assigned(
            "sidekiq-secret", "Sidekiq gem credentials",
            ["bundle_enterprise__contribsys__com", "bundle_gems__contribsys__com"], "[a-f0-9]{8}:[a-f0-9]{8}",
            entropy: 2, at: "the Sidekiq account page"),
        .assigned(
            "snowflake-password", "Snowflake password", ["snowflake_pass", "snowflake_pwd"], #"[^\s"'`\\;,]{8,64}"#,
            severity: .high, entropy: 2.5, check: .lettersAndDigits, at: "Snowflake: ALTER USER … SET PASSWORD"),
        .assigned(
            "cohere-key", "Cohere API key", ["cohere", "co_api_key"], "[a-z0-9]{40}", severity: .high, entropy: 4,
            check: .lettersAndDigits, at: "dashboard.cohere.com → API keys"),
        .assigned(
            "mistral-key", "Mistral API key", ["mistral"], "[a-z0-9]{32}", severity: .high, entropy: 3.7,
            check: .lettersAndDigits, at: "console.mistral.ai → API keys"),
        .assigned(
            "together-key", "Together AI key", ["together_api", "togetherai"], "[a-f0-9]{64}", severity: .high,
            entropy: 3.5, at: "api.together.ai → settings"),
    ]
}
