import Core

extension SecretRule {
    /// Package registries.
    static let registryRules: [SecretRule] = [
        .token(
            "npm-token", "npm access token", ["npm_"], "npm_[A-Za-z0-9]{36}", severity: .critical,
            check: .base62Checksum,
            at: "npmjs.com → access tokens, or npm token revoke"),
        .token(
            "pypi-token", "PyPI upload token", ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZ"],
            #"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZ)[A-Za-z0-9_\-]{50,1000}"#, severity: .critical,
            check: .macaroon,
            at: "PyPI → account settings → API tokens"),
        .token(
            "rubygems-key", "RubyGems API key", ["rubygems_"], "rubygems_[a-f0-9]{48}", severity: .critical,
            at: "rubygems.org → settings → API keys"),
        .token(
            "nuget-key", "NuGet API key", ["oy2[a-z0-9]"], "oy2[a-z0-9]{43}", severity: .critical, entropy: 3.5,
            check: .lettersAndDigits, at: "nuget.org → API keys"),
        .token(
            "clojars-token", "Clojars deploy token", ["CLOJARS_"], "(?i:CLOJARS_[a-z0-9]{60})", severity: .critical,
            at: "clojars.org → deploy tokens"),
        .token(
            "crates-io-token", "crates.io token", ["cio"], "cio[A-Za-z0-9]{32}", severity: .critical, entropy: 3.8,
            check: .lettersAndDigits, at: "crates.io → account settings → API tokens"),
        .token(
            "docker-hub-token", "Docker Hub access token", ["dckr_pat_", "dckr_oat_"],
            #"dckr_[po]at_[A-Za-z0-9_\-]{27,40}"#,
            severity: .critical, at: "hub.docker.com → account settings → personal access tokens"),
    ]

    /// Providers of models.
    static let modelRules: [SecretRule] = [
        .token(
            "openai-key", "OpenAI API key", ["sk-[A-Za-z0-9]"],
            // T3BlbkFJ is base64 of "OpenAI".
            "sk-(?:[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"
                + #"|(?:proj|svcacct|admin)-[\w\-]{20,100}T3BlbkFJ[\w\-]{20,100})"#,
            severity: .critical, at: "platform.openai.com → API keys"),
        .token(
            "anthropic-key", "Anthropic API key", ["sk-ant-"], #"sk-ant-(?:api03|admin01|oat01)-[A-Za-z0-9_\-]{93}AA"#,
            severity: .critical, entropy: 3.5, at: "console.anthropic.com → API keys"),
        .token(
            "huggingface-token", "Hugging Face token", ["hf_[A-Za-z]", "api_org_"], "(?:hf_|api_org_)[A-Za-z]{34}",
            entropy: 3.7,
            at: "huggingface.co → settings → access tokens"),
        .token(
            "perplexity-key", "Perplexity API key", ["pplx-"], "pplx-[A-Za-z0-9]{48}",
            at: "perplexity.ai → settings → API"),
        .token(
            "groq-key", "Groq API key", ["gsk_"], "gsk_[A-Za-z0-9]{52}", entropy: 3.5, at: "console.groq.com → API keys"
        ),
        .token(
            "replicate-token", "Replicate API token", ["r8_"], "r8_[A-Za-z0-9]{37}", entropy: 3.5,
            at: "replicate.com → account → API tokens"),
        .token(
            "openrouter-key", "OpenRouter API key", ["sk-or-v1-"], "sk-or-v1-[a-f0-9]{64}", at: "openrouter.ai → keys"),
        .token(
            "xai-key", "xAI API key", ["xai-"], "xai-[A-Za-z0-9]{80}", entropy: 4, at: "console.x.ai → API keys"),
        .token(
            "langsmith-key", "LangSmith API key", ["lsv2_"], "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}",
            at: "smith.langchain.com → settings → API keys"),
        .token(
            "nvidia-key", "NVIDIA API key", ["nvapi-"], #"nvapi-[A-Za-z0-9_\-]{60,70}"#, entropy: 4,
            at: "build.nvidia.com → API keys"),
        .token(
            "cerebras-key", "Cerebras API key", ["csk-[a-z0-9]{4}"], "csk-[a-z0-9]{48}", entropy: 3.5,
            check: .lettersAndDigits,
            at: "cloud.cerebras.ai → API keys"),
        .token(
            "fireworks-key", "Fireworks API key", ["fw_[A-Za-z0-9]{4}"], "fw_[A-Za-z0-9]{22,24}", entropy: 3.7,
            check: .lettersAndDigits,
            at: "fireworks.ai → API keys"),
    ]
}
