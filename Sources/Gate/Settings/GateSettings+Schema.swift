public import Config
import JSON

extension GateSettings {
    /// The sections of the configuration file that the gate reads: see ``init(_:)``.
    public static let schema: [Field] =
        [
            Field(
                "sessions", .map(of: .object(classFields)),
                "Classes of sessions, by name: how long records are kept, whether reads are recorded, who approves.",
                default: [:],
                example: [
                    "security-audit": ["retention": "90_days", "logging": "required", "approval": "security_lead"],
                    "incident-response": ["retention": "1_year", "logging": "required", "approval": "auto"],
                    "routine-ops": ["retention": "7_days", "logging": "optional", "approval": "none"],
                ]),
            Field(
                "session_floor", .object(floorFields),
                "What every session keeps to, whatever its class asks for: the stricter of the two holds.",
                default: [:],
                example: ["retention": "30_days", "logging": "required", "approval": "auto"]),
            Field(
                "system_retention", .duration,
                "How long the ledger keeps what belongs to no session, such as sign-ins to the console and decisions "
                    + "over the API. Without it, for good.", example: "2_years"),
            Field("session_length", .duration, "How long a session lasts.", default: "12h"),
            Field(
                "sign_in",
                .object([
                    Field(
                        "idle", .duration, "A console sign-in ends when it is not used for this long.", default: "1h"),
                    Field("absolute", .duration, "A console sign-in ends after this at the latest.", default: "12h"),
                ]), "How long a console sign-in lasts.", default: [:]),
            Field("budgets", .list(of: .object(budgetFields)), "Limits on what is spent, and by whom.", default: []),
            Field(
                "issuers", .list(of: .object(issuerFields)), "Who may vouch for callers by JSON Web Token.", default: []
            ),
            Field(
                "local_users", .map(of: .list(of: .string), keys: .any),
                "Roles of users of this machine, by user id or name; \"*\" stands for all others. "
                    + "Root and the user who runs Gatehouse are admin unless they are listed.", default: [:],
                example: ["alice": ["operator"], "1001": ["security_lead"], "*": ["viewer"]]),
            PolicySettings.field, PolicySettings.formerField,
        ] + switches

    /// Settings that other systems have under these names. They are known here so that they can be refused with the
    /// reason.
    private static let switches = ["yolo", "auto_approve", "no_approval", "skip_approval", "no_logging"].map { name in
        Field(name, .string, "Refused: nothing turns approval or recording off for change and destroy.")
    }

    private static let classFields: [Field] =
        [
            Field(
                "retention", .duration,
                "How long what a session leaves is kept: an entry of the ledger from its own time, an action from when "
                    + "it was submitted, the session from its end.", default: "90_days"),
            Field(
                "logging", .oneOf([.enumeration(["required", "optional"]), .string]),
                "`required`, or `optional`: then reads may go unrecorded.", default: "required"),
            Field(
                "approval", .string,
                "`none`: the class asks for nothing; `auto`: policy decides; or the role that agrees to every change.",
                default: "auto"),
            Field(
                "bodies", .bool,
                "Whether the record has what was said to models and by them, after inspection, and for as long as the rest.",
                default: false),
        ] + switches

    private static let floorFields: [Field] =
        [
            Field("retention", .duration, "At least this long.", default: "0"),
            Field(
                "logging", .oneOf([.enumeration(["required", "optional"]), .string]),
                "`required` holds for every class.",
                default: "optional"),
            Field("approval", .string, "`none`, `auto` or a role, which then counts for every class.", default: "none"),
        ] + switches

    private static let budgetFields = [
        Field(
            "for",
            .oneOf([
                .enumeration(["everyone"]),
                .object([
                    Field("principal", .string, "The id of one principal."),
                    Field("role", .string, "All who have the role."),
                    Field("session", .string, "All sessions of the class."),
                ]),
            ]), "Whose spending counts: `everyone`, or one of principal, role and session.", required: true),
        Field("meter", .enumeration(Meter.allCases.map(\.rawValue)), "What is counted.", required: true),
        Field(
            "limit", .oneOf([.int(0...Int.max), .money]),
            "How much: an amount such as `25 USD` for money, else a number.",
            required: true),
        Field(
            "window", .enumeration(["hour", "day", "month", "session"]),
            "When it begins anew (UTC). Calls per minute are counted over the last sixty seconds.", default: "day"),
        Field(
            "each", .enumeration(["principal", "session"]), "Gives each their own sum instead of a shared one."),
    ]

    private static let issuerFields = [
        Field(
            "issuer", .string, "As it stands in the tokens' `iss`.", example: "https://id.example.org", required: true),
        Field("audience", .string, "What must be among the tokens' `aud`.", example: "gatehouse", required: true),
        Field("jwks_url", .url, "Where the issuer publishes its keys."),
        Field(
            "jwks", .string, "The keys themselves, as JSON: a `file:` reference for one.", example: "file:./keys.json"),
        Field(
            "algorithms", .list(of: .enumeration(TokenIssuer.Algorithm.allCases.map(\.rawValue))),
            "Signature algorithms that count.", default: ["RS256", "PS256", "ES256", "EdDSA"]),
        Field(
            "kind", .enumeration(Principal.Kind.allCases.map(\.rawValue)), "What its subjects are.", default: "person"),
        Field(
            "roles_claim", .string, "The claim that lists roles or groups; points lead inwards.", default: "roles"),
        Field(
            "roles", .map(of: .list(of: .string), keys: .any), "From a value of that claim to roles here.",
            default: [:],
            example: ["platform-admins": ["admin"]]),
        Field("default_roles", .list(of: .string), "What every subject gets.", default: []),
    ]
}
