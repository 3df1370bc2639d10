import Core
import Gate
import JSON

/// The shapes of what the API gives and takes, by the name under which the OpenAPI document lists them.
enum APISchemas {
    static let all: JSONObject = [
        "Error": error, "Tool": tool, "Preview": preview, "Action": action, "Submission": submission,
        "Approval": approval,
        "Vote": vote, "Session": session, "Review": review, "Principal": principal, "Key": key, "Budget": budget,
        "LedgerEntry": ledgerEntry, "InclusionProof": inclusionProof, "ConsistencyProof": consistencyProof,
        "Checkpoint": checkpoint, "PolicyError": policyError, "Finding": Schema.anyObject,
        "Assessment": Schema.anyObject, "Council": council,
    ]

    private static let effects = Effect.allCases.map(\.rawValue)

    static let error: JSON = Schema.object([
        "error": Schema.object(
            [
                "domain": Schema.string("the room that reports it"),
                "code": Schema.choice(GatehouseError.Code.allCases.map(\.rawValue)), "message": Schema.string(),
            ],
            optional: ["cause": Schema.string(), "hint": Schema.string("the next step"), "request_id": Schema.string()])
    ])

    /// As OPA's.
    static let policyError: JSON = Schema.object(
        ["code": Schema.string(), "message": Schema.string()],
        optional: [
            "errors": Schema.list(
                of: Schema.object(
                    ["code": Schema.string(), "message": Schema.string()],
                    optional: [
                        "location": Schema.object(
                            ["file": Schema.string()], optional: ["row": Schema.integer(), "col": Schema.integer()]),
                        "details": Schema.anyObject,
                    ]))
        ])

    static let tool: JSON = Schema.object([
        "id": Schema.string(), "title": Schema.string(), "summary": Schema.string(), "effect": Schema.choice(effects),
        "arguments": Schema.anyObject, "timeout_seconds": Schema.integer(),
    ])

    static let preview: JSON = Schema.object(
        ["summary": Schema.string(), "diff": Schema.string(), "facts": Schema.anyObject],
        optional: [
            "undo": Schema.object([
                "tool": Schema.string(), "target": Schema.string(), "arguments": Schema.anyObject,
                "summary": Schema.string(),
            ])
        ])

    static let action: JSON = Schema.object(
        [
            "id": Schema.string(), "tool": Schema.string(), "target": Schema.string(), "arguments": Schema.anyObject,
            "principal": Schema.string(), "session": Schema.string(), "effect": Schema.choice(effects),
            "state": Schema.choice(ActionRecord.State.allCases.map(\.rawValue)), "submitted": Schema.time(),
        ],
        optional: [
            "reason": Schema.string(), "preview": Schema.ref("Preview"), "answer": Schema.anything,
            "error": Schema.string(),
            "finished": Schema.time(), "undone_by": Schema.string(), "undoes": Schema.string(),
        ])

    static let submission: JSON = Schema.object(
        ["action_id": Schema.string(), "state": Schema.choice(["done", "waiting"])],
        optional: [
            "answer": Schema.anything, "leaf": Schema.integer("the ledger entry of the outcome"),
            "approval": Schema.ref("Approval"),
            "usage": Schema.object(["money": Schema.integer("millionths of a US dollar"), "tokens": Schema.integer()]),
        ])

    static let council: JSON = Schema.object([
        "id": Schema.string("of its action"), "object": Schema.choice(["council"]), "name": nullableText,
        "result": Schema.choice(
            ["unanimous", "majority", "split", "failed"], "a majority is more than half of all that were asked"),
        "value": Schema.anything,
        "answers": Schema.list(
            of: Schema.object(
                [
                    "model": Schema.string("as it was asked for"), "provider": nullableText,
                    "answered_by": nullableText,
                    "action": Schema.string("of the member's call"), "text": nullableText, "value": Schema.anything,
                    "usage": modelUsage, "cost_usd": nullableNumber, "ms": Schema.integer(),
                ],
                optional: [
                    "error": Schema.object(
                        ["code": Schema.string(), "message": Schema.string()], optional: ["hint": Schema.string()])
                ])),
        "agreement": Schema.list(
            of: Schema.object(["value": Schema.anything, "models": Schema.list(of: Schema.string())])),
        "dissent": Schema.list(of: Schema.object(["model": Schema.string(), "value": Schema.anything])),
        "usage": modelUsage, "cost_usd": nullableNumber,
    ])

    private static let nullableText: JSON = ["type": ["string", "null"]]
    private static let nullableNumber: JSON = ["type": ["number", "null"]]
    private static let modelUsage = Schema.object([
        "prompt_tokens": Schema.integer(), "completion_tokens": Schema.integer(), "total_tokens": Schema.integer(),
    ])

    static let vote: JSON = Schema.object([
        "principal": Schema.string(), "approves": Schema.boolean(), "reason": Schema.string(), "time": Schema.time(),
    ])

    static let approval: JSON = Schema.object(
        [
            "id": Schema.string(), "action_id": Schema.string(), "requester": Schema.string(), "tool": Schema.string(),
            "target": Schema.string(), "effect": Schema.choice(effects), "preview": Schema.ref("Preview"),
            "binding": Schema.string("SHA-256 over (action, preview, policy revision): what an approver agrees to"),
            "policy": Schema.string(), "roles": Schema.list(of: Schema.string()), "quorum": Schema.integer(),
            "votes": Schema.list(of: Schema.ref("Vote")),
            "state": Schema.choice(Approval.State.allCases.map(\.rawValue)), "requested": Schema.time(),
            "expires": Schema.time(),
        ], optional: ["reason": Schema.string()])

    static let session: JSON = Schema.object(
        [
            "id": Schema.string(), "principal": Schema.string(), "class": Schema.string(),
            "labels": Schema.list(of: Schema.string()), "started": Schema.time(), "expires": Schema.time(),
            "logging": Schema.string(), "approval": Schema.string(), "retention_seconds": Schema.integer(),
        ],
        optional: [
            "bodies": Schema.boolean("whether what is said to models is on the record"),
            "break_glass": Schema.string("the reason, while it is in force"),
        ])

    static let review: JSON = Schema.object(
        [
            "id": Schema.string(), "session": Schema.string(), "principal": Schema.string(), "reason": Schema.string(),
            "opened": Schema.time(), "expires": Schema.time(), "open": Schema.boolean(),
        ], optional: ["closed_by": Schema.string(), "note": Schema.string(), "closed": Schema.time()])

    static let principal: JSON = Schema.object(
        [
            "id": Schema.string(), "kind": Schema.choice(Principal.Kind.allCases.map(\.rawValue)),
            "name": Schema.string(),
            "roles": Schema.list(of: Schema.string()),
        ], optional: ["stopped": Schema.string("why the kill switch stopped it")])

    static let key: JSON = Schema.object(
        [
            "id": Schema.string(), "principal": Schema.string(), "name": Schema.string(), "created": Schema.time(),
            "state": Schema.choice(["active", "revoked", "expired"]),
        ], optional: ["expires": Schema.time(), "last_used": Schema.time(), "revoked": Schema.time()])

    static let budget: JSON = Schema.object(
        [
            "budget": Schema.string(), "meter": Schema.choice(Meter.allCases.map(\.rawValue)),
            "limit": Schema.integer(),
            "spent": Schema.integer(), "reserved": Schema.integer(),
        ], optional: ["holder": Schema.string(), "resets": Schema.time()])

    static let ledgerEntry: JSON = Schema.object(
        [
            "index": Schema.integer(least: 0), "kind": Schema.string(), "time": Schema.time(),
            "wall_time": Schema.time(),
            "leaf_hash": Schema.string(), "commitment": Schema.string(), "erased": Schema.boolean(),
        ], optional: ["salt": Schema.string(), "payload": Schema.anything])

    static let inclusionProof: JSON = Schema.object([
        "index": Schema.integer(), "size": Schema.integer(), "leaf_hash": Schema.string(), "root": Schema.string(),
        "path": Schema.list(of: Schema.string()), "verified": Schema.boolean(),
    ])

    static let consistencyProof: JSON = Schema.object([
        "from": Schema.integer(), "to": Schema.integer(), "from_root": Schema.string(), "to_root": Schema.string(),
        "path": Schema.list(of: Schema.string()), "verified": Schema.boolean(),
    ])

    static let checkpoint: JSON = Schema.object([
        "size": Schema.integer(), "root": Schema.string(), "note": Schema.string("a C2SP signed note"),
    ])
}
