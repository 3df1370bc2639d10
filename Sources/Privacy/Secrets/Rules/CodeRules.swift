import Core

extension SecretRule {
    /// Code hosts and build systems.
    static let codeRules: [SecretRule] = [
        .token(
            "github-token", "GitHub token", ["gh[pousr]_"], "gh[pousr]_[A-Za-z0-9]{36}", severity: .critical,
            check: .base62Checksum, at: "GitHub → settings → developer settings → tokens, or the app that holds it"),
        .token(
            "github-fine-grained-token", "GitHub fine-grained token", ["github_pat_"], "github_pat_[A-Za-z0-9_]{82}",
            severity: .critical, at: "GitHub → settings → developer settings → fine-grained tokens"),
        .token(
            "gitlab-personal-token", "GitLab access token", ["glpat-"],
            #"glpat-(?:[A-Za-z0-9_\-]{27,300}\.[0-9a-z]{2}\.?[a-z0-9]{7}|[A-Za-z0-9_\-]{20,40})"#,
            severity: .critical, check: .base36Checksum, at: "GitLab → preferences → access tokens"),
        .token(
            "gitlab-pipeline-trigger-token", "GitLab pipeline trigger token", ["glptt-"], "glptt-[a-f0-9]{40}",
            at: "GitLab project → settings → CI/CD → pipeline triggers"),
        .token(
            "gitlab-runner-registration-token", "GitLab runner registration token", ["GR1348941"],
            #"GR1348941[A-Za-z0-9_\-]{20}"#,
            at: "GitLab → CI/CD → runners; reset the registration token"),
        .token(
            "gitlab-runner-token", "GitLab runner authentication token", ["glrt-"],
            #"glrt-(?:t[0-9]_[A-Za-z0-9_\-]{27,300}\.[a-z0-9]{2}\.?[a-z0-9]{7}|[A-Za-z0-9_\-]{20})"#,
            check: .base36Checksum, at: "GitLab → CI/CD → runners"),
        .token(
            "gitlab-job-token", "GitLab CI job token", ["glcbt-"], #"glcbt-[A-Za-z0-9]{1,5}_[A-Za-z0-9_\-]{20}"#,
            at: "it ends with its job; cancel the job"),
        .token(
            "gitlab-deploy-token", "GitLab deploy token", ["gldt-"], #"gldt-[A-Za-z0-9_\-]{20}"#,
            at: "GitLab → repository → deploy tokens"),
        .token(
            "gitlab-feature-flag-token", "GitLab feature flag client token", ["glffct-"], #"glffct-[A-Za-z0-9_\-]{20}"#,
            severity: .medium, at: "GitLab → deployments → feature flags"),
        .token(
            "gitlab-feed-token", "GitLab feed token", ["glft-"], #"glft-[A-Za-z0-9_\-]{20}"#, severity: .medium,
            at: "GitLab → preferences → access tokens → feed token"),
        .token(
            "gitlab-incoming-mail-token", "GitLab incoming mail token", ["glimt-"], #"glimt-[A-Za-z0-9_\-]{25}"#,
            severity: .medium,
            at: "GitLab → preferences → access tokens"),
        .token(
            "gitlab-agent-token", "GitLab Kubernetes agent token", ["glagent-"], #"glagent-[A-Za-z0-9_\-]{50}"#,
            at: "GitLab → operate → Kubernetes clusters"),
        .token(
            "gitlab-oauth-secret", "GitLab OAuth application secret", ["gloas-"], #"gloas-[A-Za-z0-9_\-]{64}"#,
            at: "GitLab → applications; renew the secret"),
        .token(
            "gitlab-scim-token", "GitLab SCIM token", ["glsoat-"], #"glsoat-[A-Za-z0-9_\-]{20}"#,
            at: "GitLab → group → SAML SSO"),
        .token(
            "gitlab-session-cookie", "GitLab session cookie", ["_gitlab_session="], "_gitlab_session=[a-z0-9]{32}",
            at: "GitLab → preferences → active sessions"),
        .token(
            "bitbucket-app-password", "Bitbucket app password", ["ATBB"], "ATBB[A-Za-z0-9]{32}", entropy: 3.5,
            at: "Bitbucket → personal settings → app passwords"),
        .token(
            "atlassian-api-token", "Atlassian API token", ["ATATT3", "ATCTT3"], "AT[AC]TT3[A-Za-z0-9_=\\-]{180,200}",
            severity: .critical, entropy: 3.5, at: "https://id.atlassian.com → security → API tokens"),
        .token(
            "sourcegraph-token", "Sourcegraph access token", ["sgp_"],
            "sgp_(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40}",
            at: "Sourcegraph → settings → access tokens"),
        .token(
            "terraform-cloud-token", "HCP Terraform API token", [#"[A-Za-z0-9]{14}\.atlasv1\."#],
            "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=\\-]{60,70}", severity: .critical, entropy: 3.5,
            at: "HCP Terraform → user settings → tokens"),
        .token(
            "vault-service-token", "HashiCorp Vault token", [#"hvs\."#], #"hvs\.[A-Za-z0-9_\-]{24,150}"#,
            severity: .critical,
            entropy: 3.5, at: "vault token revoke"),
        .token(
            "vault-batch-token", "HashiCorp Vault batch token", [#"hvb\."#], #"hvb\.[A-Za-z0-9_\-]{100,300}"#,
            severity: .critical,
            entropy: 3.5, at: "vault token revoke on its parent"),
        .token(
            "vault-legacy-token", "HashiCorp Vault token (before 1.10)", [#"s\.[A-Za-z0-9]{4}"#],
            #"s\.(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{24}"#, entropy: 3.8,
            at: "vault token revoke"),
        .token(
            "pulumi-token", "Pulumi access token", ["pul-"], "pul-[a-f0-9]{40}", at: "Pulumi Cloud → access tokens"),
        .token(
            "infracost-key", "Infracost API key", ["ico-"], "ico-[A-Za-z0-9]{32}",
            at: "Infracost → organisation settings"),
        .token(
            "harness-token", "Harness token", [#"[ps]at\.[A-Za-z0-9_\-]{4}"#],
            #"[ps]at\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"#, at: "Harness → profile → API keys"),
        .token(
            "doppler-token", "Doppler token", [#"dp\.(?:pt|st|ct|sa)\."#],
            #"dp\.(?:pt|ct|sa|st\.[a-z0-9_\-]{2,35}|st)\.[A-Za-z0-9]{40,44}"#, severity: .critical,
            at: "Doppler → tokens"),
        .token(
            "octopus-deploy-key", "Octopus Deploy API key", ["API-[A-Z0-9]{4}"], "API-[A-Z0-9]{26}(?![a-z])",
            check: .lettersAndDigits, at: "Octopus → profile → my API keys"),
        .token(
            "buildkite-token", "Buildkite token", ["bkua_"], "bkua_[a-z0-9]{40}",
            at: "Buildkite → personal settings → API access tokens"),
        .token(
            "circleci-token", "CircleCI token", ["CCIPAT_", "CCIPRJ_"], "CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}",
            at: "CircleCI → user settings → personal API tokens"),
        .token(
            "prefect-key", "Prefect API key", ["pnu_"], "pnu_[A-Za-z0-9]{36}", at: "Prefect Cloud → API keys"),
        .token(
            "sonar-token", "Sonar token", ["sq[upa]_"], #"sq[upa]_[A-Za-z0-9_=\-]{40}"#,
            at: "SonarQube → my account → security"),
        .token(
            "snyk-token", "Snyk token", [#"snyk_[us]at\."#],
            #"snyk_[us]at\.[a-z0-9]{8}\.[A-Za-z0-9_\-]{60,120}(?:\.[A-Za-z0-9_\-]{20,120})?"#,
            at: "Snyk → account settings → token"),
        .token(
            "postman-key", "Postman API key", ["PMAK-"], "PMAK-[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}",
            at: "Postman → settings → API keys"),
        .token(
            "artifactory-key", "Artifactory API key", ["AKCp"], "AKCp[A-Za-z0-9]{69}", entropy: 4,
            at: "JFrog → user profile → API key"),
        .token(
            "artifactory-reference-token", "Artifactory reference token", ["cmVmdGtu"], "cmVmdGtu[A-Za-z0-9]{56}",
            entropy: 4,
            at: "JFrog → administration → access tokens"),
    ]
}
