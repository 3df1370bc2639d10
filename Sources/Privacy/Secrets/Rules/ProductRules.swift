import Core

extension SecretRule {
    /// Products whose tokens show what they are.
    static let productRules: [SecretRule] = [
        .token(
            "airtable-token", "Airtable personal access token", ["pat[A-Za-z0-9]"],
            #"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"#,
            at: "airtable.com/create/tokens"),
        .token(
            "beamer-key", "Beamer API key", ["b_[A-Za-z0-9_=]{4}"], #"b_[a-z0-9=_\-]{44}"#, entropy: 3.8,
            check: .lettersAndDigits, at: "Beamer → settings → API"),
        .token(
            "dropbox-token", "Dropbox short-lived token", [#"sl\.[A-Za-z0-9]"#], #"sl\.[A-Za-z0-9_=\-]{130,152}"#,
            entropy: 4, at: "Dropbox → app console"),
        .around(
            "facebook-app-token", "Meta app access token", ["[0-9][|][A-Za-z0-9_]", "[0-9]%7C[A-Za-z0-9_]"], before: 15,
            after: 64,
            #"(?<![A-Za-z0-9])([0-9]{15,16}(?:[|]|%7C)[A-Za-z0-9_\-]{27})(?![A-Za-z0-9_\-])"#,
            at: "developers.facebook.com → app → settings; reset the app secret"),
        .token(
            "facebook-page-token", "Meta page access token", ["EAA[MC]"], "EAA[MC][A-Za-z0-9]{100,300}", entropy: 4,
            at: "developers.facebook.com → access tokens"),
        .token(
            "figma-token", "Figma personal access token", ["fig[dour]_"], #"fig[dour]_[A-Za-z0-9_\-]{36,44}"#,
            at: "Figma → settings → personal access tokens"),
        .token(
            "frameio-token", "Frame.io token", ["fio-u-"], "fio-u-[A-Za-z0-9_=\\-]{64}",
            at: "developer.frame.io → tokens"),
        .token(
            "gocardless-token", "GoCardless token", ["live_[A-Za-z0-9_=]"], "live_[A-Za-z0-9_=\\-]{40}", entropy: 3.8,
            check: .lettersAndDigits, at: "GoCardless → developers"),
        .token(
            "intra42-secret", "42 intra client secret", ["s-s4t2"], "s-s4t2(?:ud|af)-[a-f0-9]{64}",
            at: "profile.intra.42.fr → API"),
        .token(
            "linear-key", "Linear API key", ["lin_api_", "lin_oauth_"],
            "(?:lin_api_[A-Za-z0-9]{40}|lin_oauth_[a-f0-9]{64})", at: "Linear → settings → API"),
        .token(
            "mapbox-token", "Mapbox token", [#"[ps]k\.[A-Za-z0-9]{4}"#], #"[ps]k\.[A-Za-z0-9]{60}\.[A-Za-z0-9_\-]{22}"#,
            severity: .medium, at: "account.mapbox.com → tokens"),
        .around(
            "maxmind-key", "MaxMind licence key", ["_mmk"], before: 36, after: 8,
            "(?<![A-Za-z0-9_])([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?![A-Za-z0-9_])", at: "MaxMind → manage licence keys"
        ),
        .token(
            "notion-token", "Notion integration token", ["ntn_[0-9]", "secret_[A-Za-z0-9]{4}"],
            "ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43}", at: "notion.so → my integrations"),
        .token("readme-key", "ReadMe API key", ["rdme_"], "rdme_[a-z0-9]{70}", at: "dash.readme.com → API keys"),
        .token(
            "settlemint-token", "SettleMint access token", ["sm_[pas]at_"], "sm_[pas]at_[A-Za-z0-9]{16}",
            at: "SettleMint → access tokens"),
        .token(
            "twitter-bearer-token", "X bearer token", ["A{22}"], "A{22}[A-Za-z0-9%]{80,100}",
            at: "developer.x.com → keys and tokens"),
        .token(
            "contentful-token", "Contentful personal access token", ["CFPAT-"], #"CFPAT-[A-Za-z0-9_\-]{43}"#,
            at: "Contentful → settings → CMA tokens"),
        .around(
            "freemius-key", "Freemius secret key", ["secret_key"],
            #"secret_key['"]\s{0,8}=>\s{0,8}['"](sk_[^\s'"]{29})['"]"#,
            paths: [".php"], at: "Freemius → plugin → settings → keys"),
    ]
}
