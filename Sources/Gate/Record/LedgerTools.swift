import Core
import JSON
import Ledger

/// The tools that act on the record itself: legal holds, and erasing what may no longer be kept. The ledger proves as
/// before; that, by whom and why something was erased is an entry of its own.
enum LedgerTools {
    static func all(_ ledger: Ledger) -> [any Tool] {
        [HoldTool(ledger: ledger), ReleaseTool(ledger: ledger), EraseTool(ledger: ledger)]
    }

    /// Entry indexes as JSON carries them exactly.
    static let index: JSON = ["type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991]

    static func index(_ name: String, of arguments: JSON) throws -> UInt64 {
        guard let value = arguments[name]?.int, value >= 0 else {
            throw GatehouseError("gate", .invalid, "the argument \"\(name)\" is no entry's index")
        }
        return UInt64(value)
    }

    /// - Throws: `invalid` for a range that is backwards or beyond the ledger.
    static func range(of arguments: JSON, in ledger: Ledger) throws -> ClosedRange<UInt64> {
        let first = try index("from", of: arguments)
        let last = try index("to", of: arguments)
        guard first <= last, last < ledger.size else {
            throw GatehouseError(
                "gate", .invalid, "entries \(first) to \(last) are not in the ledger",
                hint: "it has \(ledger.size) entries, the first of which is 0")
        }
        return first...last
    }
}

/// `ledger.hold`
private struct HoldTool: Tool {
    let ledger: Ledger

    let descriptor = ToolDescriptor(
        id: "ledger.hold", title: "Place a legal hold",
        summary: "Keeps entries of the ledger from being erased until the hold is released.", effect: .change,
        arguments: ToolDescriptor.object(
            ["from": LedgerTools.index, "to": LedgerTools.index, "reason": AdminArguments.reason],
            required: ["from", "to", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let range = try LedgerTools.range(of: action.arguments, in: ledger)
        return Preview(
            summary:
                "hold entries \(range.lowerBound) to \(range.upperBound): nobody can erase them until it is released",
            undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let range = try LedgerTools.range(of: action.arguments, in: ledger)
        let receipt = try await ledger.hold(
            .entries(range), by: context.principal.id, reason: try action.arguments.textArgument("reason"))
        return Answer(["hold": JSON(Int64(clamping: receipt.index))])
    }
}

/// `ledger.release`
private struct ReleaseTool: Tool {
    let ledger: Ledger

    let descriptor = ToolDescriptor(
        id: "ledger.release", title: "Release a legal hold",
        summary: "Ends a hold: what it covered can be erased again.",
        effect: .change,
        arguments: ToolDescriptor.object(
            ["hold": LedgerTools.index, "reason": AdminArguments.reason], required: ["hold", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try LedgerTools.index("hold", of: action.arguments)
        guard let hold = ledger.holds.first(where: { $0.id == id }) else {
            throw GatehouseError("gate", .notFound, "no hold \(id) is in force")
        }
        return Preview(summary: "release hold \(id), placed by \(hold.by): \(hold.reason)", undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try LedgerTools.index("hold", of: action.arguments)
        try await ledger.release(
            hold: id, by: context.principal.id, reason: try action.arguments.textArgument("reason"))
        return Answer(["hold": JSON(Int64(clamping: id)), "released": true])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try LedgerTools.index("hold", of: action.arguments)
        let isInForce = ledger.holds.contains { $0.id == id }
        return isInForce ? .didNotHappen : .happened(Answer(["hold": JSON(Int64(clamping: id)), "released": true]))
    }
}

/// `ledger.erase`
private struct EraseTool: Tool {
    let ledger: Ledger

    let descriptor = ToolDescriptor(
        id: "ledger.erase", title: "Erase payloads from the ledger",
        summary:
            "Overwrites what entries say, for good. Their leaves stay, and the ledger still proves. Holds refuse it.",
        effect: .destroy,
        arguments: ToolDescriptor.object(
            ["from": LedgerTools.index, "to": LedgerTools.index, "reason": AdminArguments.reason],
            required: ["from", "to", "reason"]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let range = try LedgerTools.range(of: action.arguments, in: ledger)
        return Preview(
            summary: "erase what entries \(range.lowerBound) to \(range.upperBound) say; it cannot be brought back",
            facts: ["entries": JSON(Int64(clamping: range.count))], undo: nil)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let range = try LedgerTools.range(of: action.arguments, in: ledger)
        let erased = try await ledger.erase(
            [range.lowerBound..<range.upperBound + 1], by: context.principal.id,
            reason: try action.arguments.textArgument("reason"))
        return Answer(["erased": JSON(erased)])
    }
}
