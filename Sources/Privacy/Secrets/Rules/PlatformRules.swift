import Core

extension SecretRule {
    /// Platforms, databases and services of more recent years.
    static let platformRules: [SecretRule] = [
        .around(
            "azure-identifiable-key", "Azure service key",
            // The signature that each service puts into its keys.
            [
                #"\+ASt[A-Za-z0-9+/]"#, "ACDb[A-Za-z0-9+/]", #"\+ABa[A-Za-z0-9+/]"#, "AzFu[A-Za-z0-9+/]",
                "AzSe[A-D]", "AzCa[A-P]", #"\+ACR[A-D]"#, #"\+A(?:Sb|Eh|Rm)[A-P]"#,
            ], before: 77, after: 16,
            #"(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{76}(?:\+ASt|ACDb|\+ABa)[A-Za-z0-9+/]{5}[AQgw]=="#
                + #"|[A-Za-z0-9_\-]{44}AzFu[A-Za-z0-9_\-]{5}[AQgw]==|[A-Za-z0-9]{42}(?:AzSe|\+ACR)[A-D][A-Za-z0-9]{5}"#
                + #"|[A-Za-z0-9+/]{33}(?:AzCa|\+ASb|\+AEh|\+ARm)[A-P][A-Za-z0-9+/]{5}=)"#,
            severity: .critical, entropy: 4, at: "Azure portal → the resource → keys; regenerate"),
        .around(
            "azure-devops-token", "Azure DevOps personal access token", ["AZDO[A-Za-z0-9]{4}"], before: 77, after: 16,
            "(?<![A-Za-z0-9])([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9])", severity: .critical, entropy: 4,
            at: "Azure DevOps → user settings → personal access tokens"),
        .around(
            "azure-ai-key", "Azure AI or API Management key", ["JQQJ9[9DH]"], before: 53, after: 40,
            "(?<![A-Za-z0-9])([A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9]{26})(?![A-Za-z0-9])", severity: .critical,
            entropy: 4, at: "Azure portal → the resource → keys and endpoint; regenerate"),
        .token(
            "tailscale-key", "Tailscale key", ["tskey-"],
            "tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{10,20}-[A-Za-z0-9]{20,40}", severity: .critical,
            at: "Tailscale → settings → keys"),
        .token(
            "docker-swarm-token", "Docker Swarm join token", ["SWMTKN-1-"], "SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25}",
            severity: .critical, at: "docker swarm join-token --rotate"),
        .token(
            "aiven-password", "Aiven service password", ["AVNS_"], #"AVNS_[A-Za-z0-9_\-]{19}"#, entropy: 3.5,
            at: "Aiven console → service → users; reset the password"),
        .token(
            "neon-key", "Neon API key", ["napi_"], "napi_[a-z0-9]{64}", severity: .critical, entropy: 3.5,
            check: .lettersAndDigits, at: "Neon console → account → API keys"),
        .token(
            "render-key", "Render API key", ["rnd_[A-Za-z0-9]{4}"], "rnd_[A-Za-z0-9]{28,32}", entropy: 3.8,
            check: .lettersAndDigits, at: "Render → account settings → API keys"),
        .token(
            "apify-token", "Apify API token", ["apify_api_"], "apify_api_[A-Za-z0-9]{36}", entropy: 3.5,
            at: "Apify console → settings → integrations"),
        .token(
            "resend-key", "Resend API key", ["re_[A-Za-z0-9]{8}_"], "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", entropy: 3.8,
            check: .lettersAndDigits, at: "Resend → API keys"),
        .token(
            "trello-token", "Trello token", ["ATTA[a-f0-9]{4}"], "ATTA[a-f0-9]{72}|ATTA[a-f0-9]{64}",
            at: "trello.com/my/account → applications"),
        .token(
            "wakatime-key", "WakaTime API key", ["waka_"], "waka_\(Shape.uuid)", severity: .medium,
            at: "wakatime.com/settings/api-key"),
        .token(
            "posthog-key", "PostHog personal API key", ["ph[xs]_[A-Za-z0-9]{4}"], "ph[xs]_[A-Za-z0-9]{40,50}",
            entropy: 3.8, check: .lettersAndDigits, at: "PostHog → settings → personal API keys"),
        .token(
            "paddle-key", "Paddle API key", ["pdl_live_apikey_", "pdl_sdbx_apikey_"],
            "pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}", severity: .critical,
            at: "Paddle → developer tools → authentication"),
        .token(
            "pinecone-key", "Pinecone API key", ["pcsk_"], "pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,66}", entropy: 4,
            at: "app.pinecone.io → API keys"),
        .token(
            "tavily-key", "Tavily API key", ["tvly-"], "tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}", entropy: 3.5,
            check: .lettersAndDigits, at: "app.tavily.com → API keys"),
        .token(
            "langfuse-key", "Langfuse secret key", ["sk-lf-"], "sk-lf-\(Shape.uuid)",
            at: "Langfuse → project → API keys"),
        .token(
            "elevenlabs-key", "ElevenLabs API key", ["sk_[a-f0-9]{8}"], "sk_[a-f0-9]{48}", entropy: 3.2,
            check: .lettersAndDigits, at: "elevenlabs.io → profile → API keys"),
    ]
}
