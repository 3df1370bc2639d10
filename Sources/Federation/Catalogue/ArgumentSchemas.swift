import Core
import JSON
import Schema
import Synchronization

/// The schemas of tools' arguments, read once each: what does not fit goes to no server.
final class ArgumentSchemas: Sendable {
    /// Beyond these all are read again.
    private static let most = 10_000

    /// By the definition's hash.
    private let read = Mutex<[String: Result<JSONSchema, GatehouseError>]>([:])

    /// - Throws: `invalid` where the arguments do not fit, with their places; for a schema that cannot be read, what is wrong
    ///   with it.
    func check(_ arguments: JSON, of tool: CatalogueItem) throws(GatehouseError) {
        let violations = try schema(of: tool).validate(arguments)
        guard let first = violations.first else { return }
        let place = first.path.isEmpty ? "they" : first.path
        let further = violations.count > 1 ? ", and \(violations.count - 1) more" : ""
        throw GatehouseError(
            "mcp", .invalid,
            "the arguments do not fit \(tool.server)/\(tool.name): \(place) \(first.message)\(further)",
            hint: "see the tool's inputSchema")
    }

    private func schema(of tool: CatalogueItem) throws(GatehouseError) -> JSONSchema {
        let hash = tool.definition.hash
        if let known = read.withLock({ $0[hash] }) { return try known.get() }
        let made: Result<JSONSchema, GatehouseError>
        do throws(GatehouseError) {
            made = .success(try JSONSchema(tool.definition.sent["inputSchema"] ?? ["type": "object"]))
        } catch {
            made = .failure(
                GatehouseError(
                    "mcp", .unsupported, "the schema of \(tool.server)/\(tool.name) cannot be used: \(error.message)"))
        }
        read.withLock { read in
            if read.count >= Self.most { read.removeAll() }
            read[hash] = made
        }
        return try made.get()
    }
}
