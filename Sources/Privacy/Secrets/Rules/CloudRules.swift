import Core

extension SecretRule {
    /// Clouds and platforms whose tokens show what they are.
    static let cloudRules: [SecretRule] = [
        .token(
            "aws-access-key-id", "AWS access key ID",
            ["AKIA[A-Z2-7]{4}", "ASIA[A-Z2-7]{4}", "ABIA[A-Z2-7]{4}", "ACCA[A-Z0-9]{4}", "A3T[A-Z0-9]{5}"],
            "(?:AKIA|ASIA|ABIA)[A-Z2-7]{16}|ACCA[A-Z0-9]{16}|A3T[A-Z0-9]{17}", check: .lettersAndDigits,
            at: "AWS IAM → security credentials; deactivate the access key, then delete it"),
        .token(
            "aws-bedrock-api-key", "Amazon Bedrock API key (long-lived)", ["ABSKQmVkcm9ja0FQSUtleS"],
            "ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{70,300}={0,2}", severity: .critical,
            at: "AWS IAM → user → API keys for Amazon Bedrock"),
        .token(
            "aws-bedrock-session-key", "Amazon Bedrock API key (short-lived)",
            // In pieces: a whole one would be a finding in our own sources.
            ["bedrock-api-key-" + "YmVkcm9jay5hbWF6b25hd3MuY29t"],
            "bedrock-api-key-" + "YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,2000}",
            at: "AWS IAM; end the session that made it"),
        .token(
            "gcp-api-key", "Google API key", ["AIza"], #"AIza[A-Za-z0-9_\-]{35}"#, entropy: 4,
            check: .unpublished,
            at: "Google Cloud console → APIs & Services → Credentials; regenerate and restrict the key"),
        .token(
            "gcp-oauth-client-secret", "Google OAuth client secret", ["GOCSPX-"], #"GOCSPX-[A-Za-z0-9_\-]{28}"#,
            at: "Google Cloud console → APIs & Services → Credentials"),
        .token(
            "gcp-oauth-access-token", "Google OAuth access token", [#"ya29\."#], #"ya29\.[A-Za-z0-9_\-]{30,500}"#,
            entropy: 3.5,
            at: "https://myaccount.google.com/permissions, or the revocation endpoint"),
        .around(
            "azure-ad-client-secret", "Microsoft Entra client secret", ["[0-9]Q~"], before: 3, after: 64,
            #"(?<![A-Za-z0-9_~\-])([A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34})(?![A-Za-z0-9_~.\-])"#,
            severity: .critical, check: .lettersAndDigits,
            at: "Microsoft Entra ID → app registrations → certificates & secrets"),
        .token(
            "azure-storage-account-key", "Azure storage account key", ["AccountKey="], "AccountKey=[A-Za-z0-9+/]{86}==",
            severity: .critical, entropy: 4, at: "Azure portal → storage account → access keys; rotate"),
        .token(
            "azure-sas-signature", "Azure shared access signature", ["[?&]sig="],
            "[?&]sig=[A-Za-z0-9%+/]{43,53}(?:=|%3[dD])",
            entropy: 3.5, at: "Azure portal; rotate the account key that signed it"),
        .token(
            "alibaba-access-key-id", "Alibaba Cloud access key ID", ["LTAI"], "LTAI[A-Za-z0-9]{12,20}",
            check: .lettersAndDigits,
            at: "Alibaba Cloud RAM → users → AccessKey"),
        .token(
            "digitalocean-token", "DigitalOcean token", ["do[opr]_v1_"], "do[opr]_v1_[a-f0-9]{64}", severity: .critical,
            at: "DigitalOcean → API → tokens"),
        .token(
            "yandex-iam-token", "Yandex Cloud IAM token", [#"t1\.[A-Za-z0-9_\-]"#],
            #"t1\.[A-Za-z0-9_\-]{1,300}={0,2}\.[A-Za-z0-9_\-]{86}={0,2}"#, at: "Yandex Cloud IAM; revoke the token"),
        .token(
            "yandex-api-key", "Yandex Cloud API key", ["AQVN"], #"AQVN[A-Za-z0-9_\-]{35,38}"#,
            at: "Yandex Cloud → service accounts → API keys"),
        .token(
            "yandex-static-key", "Yandex Cloud static access key", ["YC[A-Za-z0-9]"], #"YC[A-Za-z0-9_\-]{38}"#,
            entropy: 4,
            check: .lettersAndDigits, at: "Yandex Cloud → service accounts → static access keys"),
        .token(
            "heroku-token", "Heroku API token", ["HRKU-"], #"HRKU-[A-Za-z0-9_\-]{36,64}"#,
            at: "Heroku → account → applications"),
        .token(
            "flyio-token", "Fly.io access token", ["fo1_", "fm1[ar]_", "fm2_"],
            #"fo1_[A-Za-z0-9_\-]{43}|fm1[ar]_[A-Za-z0-9+/]{100,700}={0,3}|fm2_[A-Za-z0-9+/]{100,700}={0,3}"#,
            check: .lettersAndDigits, at: "fly tokens revoke"),
        .token(
            "scalingo-token", "Scalingo API token", ["tk-us-"], #"tk-us-[A-Za-z0-9_\-]{48}"#,
            at: "Scalingo → account → tokens"),
        .token(
            "cloudflare-origin-ca-key", "Cloudflare origin CA key", [#"v1\.0-"#], #"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"#,
            at: "Cloudflare → profile → API tokens → origin CA key"),
        .token(
            "databricks-token", "Databricks access token", ["dapi[a-f0-9]"], "dapi[a-f0-9]{32}(?:-[0-9])?",
            severity: .critical,
            at: "Databricks → settings → developer → access tokens"),
        .token(
            "clickhouse-cloud-key", "ClickHouse Cloud API secret", ["4b1d"], "4b1d[A-Za-z0-9]{38}",
            at: "ClickHouse Cloud → API keys"),
        .token(
            "planetscale-token", "PlanetScale credential", ["pscale_"],
            #"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.\-]{32,64}"#,
            severity: .critical, at: "PlanetScale → settings → service tokens or passwords"),
        .token(
            "supabase-token", "Supabase token", ["sbp_[a-f0-9]", "sb_secret_"],
            #"sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_\-]{31}"#,
            severity: .critical, at: "Supabase → account → access tokens, or project → API keys"),
        .token(
            "vercel-token", "Vercel token", ["vc[pcair]_"], "vc[pcair]_[A-Za-z0-9]{40,60}", entropy: 4,
            check: .lettersAndDigits,
            at: "Vercel → account → tokens"),
        .token(
            "openshift-user-token", "OpenShift user token", ["sha256~"], #"sha256~[A-Za-z0-9_\-]{43}"#, entropy: 3.5,
            at: "oc delete oauthaccesstoken"),
        .token(
            "defined-networking-token", "Defined Networking API key", ["dnkey-"],
            "dnkey-[A-Za-z0-9_=\\-]{26}-[A-Za-z0-9_=\\-]{52}",
            at: "Defined Networking → API keys"),
    ]
}
