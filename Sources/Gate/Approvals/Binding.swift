import Core
import Crypto
import JSON

/// What an approver agrees to, as a hash: this action, by this requester in this session, with this preview, under
/// this policy.
enum Binding {
    /// SHA-256 in hex over the canonical JSON (RFC 8785) of the parts.
    /// - Throws: `invalid` when a number has no canonical form without loss.
    static func hash(of action: Action, requester: String, session: String, preview: Preview, policyRevision: String)
        throws -> String
    {
        let parts: JSON = [
            "v": 1,
            "action": [
                "id": .string(action.id), "tool": .string(action.tool), "target": .string(action.target),
                "arguments": action.arguments, "undoes": action.undoes.map { .string($0) } ?? .null,
            ],
            "requester": .string(requester), "session": .string(session),
            "preview": preview.json, "policy": .string(policyRevision),
        ]
        return try Hashing.canonical(parts)
    }
}

enum Hashing {
    /// SHA-256 in hex over the canonical form. Numbers that it would make equal are refused, so that no two values
    /// share a hash.
    static func canonical(_ value: JSON) throws -> String {
        do {
            return hex(try value.canonicalBytes(keepsPrecision: true))
        } catch {
            throw GatehouseError(
                "gate", .invalid, "the arguments cannot be put into canonical form", cause: error.description)
        }
    }

    static func hex(_ bytes: [UInt8]) -> String { Hex.encode(SHA256.hash(data: bytes)) }
}
