import Config
import Core
import JSON

/// What the `workflows` section of the configuration says.
public struct WorkflowSettings: Sendable {
    /// One way in for events from outside.
    struct Hook: Sendable {
        enum Kind: String, Sendable, CaseIterable {
            /// Signed as ``HookSignature`` says; starts the workflow of the hook's name.
            case generic
            /// Signed as the generic kind, from any server of git; starts what waits for pushes.
            case push
            /// A forge's webhooks; a push starts what waits for pushes.
            case github, gitlab, gitea
            /// Signed as the generic kind; says what is wrong and how bad it is (`severity`): starts what waits for alerts.
            case alert
            /// Signed as the generic kind; wakes the runs that wait for an event of the hook's name.
            case event
        }

        let kind: Kind
        let secret: Secret
    }

    /// Nil takes the data folder's own.
    public var folder: String?
    /// How long a run that is over is kept.
    public var keep = Duration.seconds(90 * 86_400)
    /// By name.
    var hooks: [String: Hook] = [:]

    public init() {}

    /// - Throws: `invalid` for a secret that could be guessed.
    init(_ node: ConfigNode) throws {
        folder = try node.optionalString("folder").map { InputFile.resolve($0, besides: node.place.file) }
        keep = try node.duration("keep")
        guard keep >= Self.shortestKeep else {
            throw node.error("runs are kept for less than a day", hint: "let keep be 1d or more")
        }
        for (name, hook) in node.map("hooks") {
            let secret = try hook.secret("secret")
            guard secret.expose().utf8.count >= Self.shortestSecret else {
                throw hook.error(
                    "the secret of the hook \(name) is shorter than \(Self.shortestSecret) bytes",
                    hint: "make one with: openssl rand -hex 32")
            }
            hooks[name] = Hook(kind: try hook.choice("kind"), secret: secret)
        }
    }

    private static let shortestKeep = Duration.seconds(86_400)
    private static let shortestSecret = 16

    static let schema = Field(
        "workflows",
        .object([
            Field(
                "folder", .string,
                "Where the workflows' files are, from this file's folder on. Without it: workflows in the data folder.",
                example: "workflows"),
            Field(
                "keep", .duration,
                "How long a run that is over can be looked at. What it did stays in the ledger.", default: "90d"),
            Field(
                "hooks",
                .map(
                    of: .object([
                        Field(
                            "kind", .enumeration(Hook.Kind.allCases.map(\.rawValue)),
                            "generic starts the workflow of this name; push, github, gitlab and gitea (Forgejo too) what waits for pushes; "
                                + "alert what waits for alerts; event wakes runs that wait for this name.",
                            default: "generic"),
                        Field(
                            "secret", .secret, "What requests are signed with; at least 16 bytes.",
                            example: "${DEPLOY_HOOK_SECRET}", required: true),
                    ])), "Ways in for events from outside, by name: POST /hooks/NAME.", default: [:]),
        ]), "Where workflows are, and what may start them from outside.", default: [:])
}
