import Core
import JSON

/// Reading and writing the JSON of requests and answers.
enum JSONText {
    /// - Throws: `invalid` with the place.
    static func parse(_ bytes: [UInt8], limits: HTTPLimits) throws -> JSON {
        do {
            return try JSON.parse(
                bytes, limits: JSON.Limits(bytes: limits.bodyBytes, depth: limits.jsonDepth, values: 100_000))
        } catch {
            throw GatehouseError(
                "http", error.code == .tooLarge ? .tooLarge : .invalid, "the body is not acceptable JSON: \(error)")
        }
    }

    static func bytes(of value: JSON) -> [UInt8] { value.bytes() }
}
