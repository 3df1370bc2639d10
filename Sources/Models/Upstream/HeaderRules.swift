/// Which headers pass, in either direction. Whatever is not named stays behind: cookies, credentials, forwarding and
/// hop-by-hop headers among it.
public enum HeaderRules {
    private static let toProvider: Set<String> = ["accept", "content-type", "openai-beta", "idempotency-key"]
    private static let toClient: Set<String> = [
        "content-type", "request-id", "x-request-id", "retry-after", "retry-after-ms", "x-should-retry",
        "openai-processing-ms", "openai-version",
    ]

    public static func passesToProvider(_ name: String) -> Bool {
        let name = name.lowercased()
        return toProvider.contains(name) || name.hasPrefix("anthropic-")
    }

    public static func passesToClient(_ name: String) -> Bool {
        let name = name.lowercased()
        return toClient.contains(name) || name.hasPrefix("anthropic-") || name.hasPrefix("x-ratelimit-")
    }
}
