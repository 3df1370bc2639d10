public import Config
import JSON

extension ModelsSettings {
    public static let field = Field(
        "models",
        .object([
            Field("providers", .map(of: .object(providerFields)), "Where models are served, by id.", default: [:]),
            Field(
                "aliases", .map(of: .list(of: .string)), "Names for a model or a group that is tried in order.",
                default: [:], example: ["fast": ["openai/gpt-5.4 (low)", "anthropic/claude-opus-5"]]),
            Field(
                "strategy", .enumeration(RoutingStrategy.allCases.map(\.rawValue)),
                "In which order the models of a group are tried.", default: "order"),
            Field(
                "cache",
                .object([
                    Field("ttl", .duration, "For how long an answer is given again.", example: "10m", required: true),
                    Field(
                        "similar", .object(likenessFields),
                        "Gives it to a question in other words too, where all else is equal and nothing sensitive is in it. "
                            + "Without it, the words have to be the same."),
                ]),
                "Keeps answers in memory for the same principal who asks the same again, with the same labels; "
                    + "never streams, and never for others. Without it, none is kept."),
            Field(
                "hedge",
                .object([
                    Field("after", .duration, "For all calls that more than one provider may answer."),
                    Field("groups", .map(of: .duration), "For groups of models, by name.", default: [:]),
                ]),
                "After how long without a byte of an answer another provider's model is asked as well. The first that has "
                    + "something to say answers; the other is cancelled, and paid for what it took. Without it, none is.",
                example: ["after": "2s"]),
            Field(
                "councils", .map(of: .object(councilFields)),
                "Councils: one prompt goes to several models, which are blind to one another. Reached as the model "
                    + "`council/NAME`, and by `/v1/councils`.",
                default: [:],
                example: [
                    "review": [
                        "models": ["openai/gpt-5.4", "anthropic/claude-opus-5", "google/gemini-3-pro"],
                        "on": "/verdict",
                    ]
                ]),
            Field(
                "prices", .map(of: .object(priceFields), keys: .any),
                "Prices for a million tokens, by model; they go before the built-in table.", default: [:],
                example: ["openai/gpt-5.4": ["input": "2.50 USD", "output": "15 USD"]]),
            Field(
                "fallback_price", .object(priceFields),
                "The price of models without one. Without it they are refused to callers with a budget of money."),
        ]), "The model gateway.", default: [:])

    private static let likenessFields = [
        Field(
            "model", .string, "The embedding model that tells; it is sent the question.",
            example: "openai/text-embedding-3-small", required: true),
        Field("percent", .int(50...100), "How alike they have to be: the cosine of their embeddings.", default: 97),
    ]

    private static let councilFields = [
        Field(
            "models", .list(of: .string), "Two to nine models or groups, none of which is in another.", required: true),
        Field(
            "on", .string,
            "A JSON Pointer into the members' answers, which are JSON then: what is there is compared. Without it, the "
                + "whole text is, whatever its case, spaces and the punctuation around it."),
        Field("quorum", .int(1...9), "How many have to answer; with fewer, the council has failed.", default: 1),
    ]

    private static let priceFields = [
        Field("input", .money, "Input.", required: true),
        Field("output", .money, "Output, reasoning included.", required: true),
        Field("cached_input", .money, "Input that was read from the provider's cache; as input where absent."),
        Field("cache_write", .money, "Input that was written to the cache; as input where absent."),
    ]

    private static let providerFields = [
        Field(
            "kind", .enumeration(ProviderKind.allCases.map(\.rawValue)),
            "What it is; not needed where the id says so."),
        Field("url", .url, "Its address, where it is not the usual one."),
        Field("key", .secret, "Its API key.", example: "${OPENAI_API_KEY}"),
        Field("region", .string, "Of bedrock.", example: "eu-central-1"),
        Field("access_key", .string, "Of bedrock: the id of an AWS access key; requests are then signed."),
        Field("secret_key", .secret, "Of bedrock: the secret access key."),
        Field("session_token", .secret, "Of bedrock: of temporary credentials."),
        Field(
            "clearance", .list(of: .string),
            "Labels that it may receive: pii, phi, pci, secret, confidential, untrusted. Without it, untrusted only."),
        Field("concurrent", .int(1...100_000), "Calls under way at once.", default: 256),
        Field("per_minute", .int(1...1_000_000), "Calls begun in a minute.", default: 6000),
        Field("connect_timeout", .duration, "To the connection.", default: "5s"),
        Field("first_byte_timeout", .duration, "From the request to the answer's head.", default: "120s"),
        Field("idle_timeout", .duration, "Between two pieces of an answer.", default: "60s"),
        Field("timeout", .duration, "The whole call.", default: "900s"),
    ]
}
