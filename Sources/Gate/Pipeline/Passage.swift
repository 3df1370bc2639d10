import Core
import JSON

/// One action on its way through the gate: what the steps so far have found out.
struct Passage: Sendable {
    let principal: Principal
    /// As it stood when the pass began.
    var session: Session
    let entry: ToolRegistry.Entry
    var action: Action
    var cargo: (any Cargo)?
    var reason: String?
    let submitted: Timestamp
    /// See ``Caller/isLocal``.
    let isLocal: Bool
    /// The action whose part this one is.
    var partOf: String?
    var effect: Effect
    /// Of the request, the preview and, in the end, the answer.
    var labels: Set<Label> = []
    /// Tokens in the request that became values again: see ``InspectionResult/restored``.
    var restored: Set<String> = []
    /// Whether the inspectors have passed target, reason and arguments. Before that, they are not written anywhere.
    var isInspected = false
    var argumentsHash = ""
    /// Known once the inspectors have passed it.
    var cargoInspection: CargoInspection?
    var preview: Preview?
    var decision: Decision?
    /// Set once people were asked; the action is in the store from then on.
    var approvalID: String?
    /// Keyed hash of the request as it was submitted: tells two requests with one idempotency key apart.
    var fingerprint: String?
    /// Nil where nobody follows it.
    var trace: ActionTrace?

    var id: String { action.id }
    var tool: any Tool { entry.tool }
    var descriptor: ToolDescriptor { entry.descriptor }

    /// Whether it is kept in the store. Reads that are answered at once are in the ledger only.
    var isKept: Bool {
        effect != .read || action.idempotencyKey != nil || action.undoes != nil || approvalID != nil
    }

    /// A class may leave reads unrecorded, and nothing else.
    var isRecorded: Bool {
        effect != .read || approvalID != nil || session.sessionClass.logging != .optional
    }

    /// Whether what it reveals may be asked for once more: by a requester who did not wait, or with its idempotency key.
    var isCollectedLater: Bool { effect == .reveal && (approvalID != nil || action.idempotencyKey != nil) }

    /// What must be on the disk before the action is performed.
    var durability: RecordDurability { effect == .read ? .written : .durable }
}
