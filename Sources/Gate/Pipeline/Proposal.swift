import Core
import JSON

/// A request as it enters the pipeline: what a caller hands in, or an undo plan that is carried out.
struct Proposal: Sendable {
    var request: ActionRequest
    var undoes: String?
    var cargo: (any Cargo)?
    /// Of an action that is part of another: its id, and that of the whole.
    var part: (id: String, whole: String)?

    /// Bytes of a tool id or idempotency key, and of a target or reason, at most.
    static let longestName = 256
    static let longestText = 4096

    init(_ request: ActionRequest, undoes: String? = nil, cargo: (any Cargo)? = nil) {
        self.request = request
        self.undoes = undoes
        self.cargo = cargo
    }

    /// - Throws: `tooLarge`, `invalid` for an empty idempotency key, `unsupported` for one beside cargo.
    func checkLimits() throws {
        try Self.check(request.tool, "tool", Self.longestName)
        try Self.check(request.target, "target", Self.longestText)
        try Self.check(request.reason ?? "", "reason", Self.longestText)
        try Self.check(request.idempotencyKey ?? "", "idempotency key", Self.longestName)
        if request.idempotencyKey?.isEmpty == true {
            throw GatehouseError(
                "gate", .invalid, "the idempotency key is empty", hint: "leave it out or send a unique text")
        }
        if cargo != nil, request.idempotencyKey != nil {
            throw GatehouseError(
                "gate", .unsupported, "\(request.tool) with cargo takes no idempotency key: nothing of it is kept",
                hint: "leave it out")
        }
    }

    static func check(reason: String) throws { try check(reason, "reason", longestText) }

    /// U+0000 is refused because no database keeps it in a text.
    private static func check(_ text: String, _ what: String, _ limit: Int) throws {
        guard text.utf8.count <= limit else {
            throw GatehouseError(
                "gate", .tooLarge, "the \(what) has \(text.utf8.count) bytes; at most \(limit) are taken")
        }
        guard !text.utf8.contains(0) else {
            throw GatehouseError("gate", .invalid, "the \(what) holds a NUL character")
        }
    }
}
