import Core
import Crypto
import JSON

/// Calls that wait for a person: who makes the same call again gets that one's outcome, and does not ask twice.
struct PendingCalls {
    struct Key: Hashable {
        let principal: String
        let session: String
        let call: [UInt8]

        /// - Throws: `invalid` for arguments without a canonical form.
        init(principal: String, session: String, tool: String, definition: String, arguments: JSON)
            throws(GatehouseError)
        {
            self.principal = principal
            self.session = session
            let parts: JSON = ["tool": .string(tool), "definition": .string(definition), "arguments": arguments]
            do { call = Array(SHA256.hash(data: try parts.canonicalBytes(keepsPrecision: true))) } catch {
                throw GatehouseError(
                    "mcp", .invalid, "the arguments cannot be put into canonical form", cause: error.description)
            }
        }
    }

    struct Call {
        /// The gate knows the call by it.
        let idempotencyKey: String
        let action: String
        let expires: Timestamp
    }

    /// More than these at once for one principal are refused.
    private static let most = 1000
    private var calls: [Key: Call] = [:]

    func call(_ key: Key) -> Call? { calls[key] }

    /// - Throws: `exhausted` for a principal with too many.
    mutating func keep(_ call: Call, for key: Key, at now: Timestamp) throws(GatehouseError) {
        calls = calls.filter { $0.value.expires > now }
        guard calls.count(where: { $0.key.principal == key.principal }) < Self.most else {
            throw GatehouseError(
                "mcp", .exhausted, "more than \(Self.most) calls wait for an approval",
                hint: "have them decided upon first")
        }
        calls[key] = call
    }

    mutating func forget(_ key: Key) { calls[key] = nil }
}
