package import Core
package import JSON
import Store

/// An action as the store has it, with what the public record leaves out.
struct KeptAction: Sendable {
    var record: ActionRecord
    var principal: Principal
    var labels: Set<Label>
    var fingerprint: String?
    var failure: GatehouseError?
    var leaf: UInt64?
    /// Of the session it was submitted in, as far as it was kept.
    var sessionClass = SessionClass.standard
    /// See ``Caller/isLocal``.
    var isLocal: Bool

    var id: String { record.action.id }

    /// Of what was let in before.
    private static let limits = JSON.Limits(depth: 512, values: .max)

    init(row: Row) throws {
        let state = try Self.value(of: "state", in: row, ActionRecord.State.init(rawValue:))
        let effect = try Self.value(of: "effect", in: row, Effect.init(rawValue:))
        principal = try Self.json("principal", in: row, Principal.init(json:))
        labels = try Self.json("labels", in: row) { Set<Label>(json: $0) }
        failure = try Self.optionalJSON("error", in: row).flatMap(GatehouseError.init(json:))
        fingerprint = try row.optionalText("fingerprint")
        isLocal = try row.optionalBool("is_local") ?? false
        leaf = try row.optionalInteger("leaf").map { UInt64(clamping: $0) }
        if let name = try row.optionalText("class"), let retention = try row.optionalInteger("retention") {
            sessionClass = SessionClass(
                name: name, retention: .microseconds(retention), logging: .required, approval: .auto)
        }
        let action = Action(
            id: try row.text("id"), tool: try row.text("tool"), target: try row.text("target"),
            arguments: try Self.json("arguments", in: row) { $0 },
            idempotencyKey: try row.optionalText("idempotency_key"),
            undoes: try row.optionalText("undoes"))
        record = ActionRecord(
            action: action, principalID: principal.id, sessionID: try row.text("session_id"), effect: effect,
            state: state,
            reason: try row.optionalText("reason"),
            preview: try Self.optionalJSON("preview", in: row).flatMap(Preview.init(json:)),
            answer: try Self.optionalJSON("answer", in: row), error: failure?.description,
            submitted: try row.time("submitted"),
            finished: try row.optionalTime("finished"), undoneBy: try row.optionalText("undone_by"))
    }

    static func value<T>(of column: String, in row: Row, _ make: (String) -> T?) throws -> T {
        guard let value = make(try row.text(column)) else { throw unreadable(column, row) }
        return value
    }

    static func json<T>(_ column: String, in row: Row, _ make: (JSON) -> T?) throws -> T {
        guard let value = try optionalJSON(column, in: row).flatMap(make) else { throw unreadable(column, row) }
        return value
    }

    static func optionalJSON(_ column: String, in row: Row) throws -> JSON? {
        guard let text = try row.optionalText(column) else { return nil }
        guard let value = try? JSON.parse(text, limits: limits) else { throw unreadable(column, row) }
        return value
    }

    private static func unreadable(_ column: String, _ row: Row) -> GatehouseError {
        let id = (try? row.text("id")) ?? "?"
        return GatehouseError(
            "gate", .corrupt, "\(column) of \(id) cannot be read", hint: "check the database, or restore a backup")
    }
}

extension Principal {
    package var json: JSON {
        [
            "id": .string(id), "kind": .string(kind.rawValue), "name": .string(name),
            "roles": .array(roles.sorted().map { .string($0) }),
        ]
    }

    package init?(json: JSON) {
        guard let id = json["id"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let name = json["name"]?.string,
            let roles = json["roles"]?.array
        else { return nil }
        self.init(id: id, kind: kind, name: name, roles: Set(roles.compactMap(\.string)))
    }
}

extension Set<Label> {
    package var json: JSON { .array(map(\.rawValue).sorted().map { .string($0) }) }

    package init?(json: JSON) {
        guard let labels = json.array else { return nil }
        self = Set(labels.compactMap(\.string).map { Label($0) })
    }
}

extension GatehouseError {
    package var json: JSON {
        [
            "domain": .string(domain), "code": .string(code.rawValue), "message": .string(message),
            "cause": cause.map { .string($0) } ?? .null, "hint": hint.map { .string($0) } ?? .null,
        ]
    }

    package init?(json: JSON) {
        guard let domain = json["domain"]?.string, let code = json["code"]?.string.flatMap(Code.init(rawValue:)),
            let message = json["message"]?.string
        else { return nil }
        self.init(domain, code, message, cause: json["cause"]?.string, hint: json["hint"]?.string)
    }
}
