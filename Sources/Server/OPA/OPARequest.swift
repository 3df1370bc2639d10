import Core
import HTTPTypes
import JSON
import Policy
import Rego

/// What the query string of OPA's API asks for beside the answer.
struct OPAParameters: Sendable {
    var isPretty = false
    var wantsProvenance = false
    var wantsMetrics = false
    var isStrict = false
    var explain: TraceDetail?

    /// - Throws: `invalid` for a value that OPA does not know either.
    init(_ call: Call) throws {
        isPretty = Self.flag("pretty", call)
        wantsProvenance = Self.flag("provenance", call)
        wantsMetrics = Self.flag("metrics", call) || Self.flag("instrument", call)
        isStrict = Self.flag("strict-builtin-errors", call)
        switch call.query["explain"] {
        case nil, "off"?: break
        case let word?:
            guard let detail = TraceDetail(rawValue: word) else {
                throw GatehouseError(
                    "policy", .invalid, "the parameter explain is \"\(word)\"",
                    hint: "it is one of \(TraceDetail.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            explain = detail
        }
    }

    /// `?pretty`, `?pretty=true`
    static func flag(_ name: String, _ call: Call) -> Bool {
        guard call.query.names.contains(name) else { return false }
        return !["false", "0", "f"].contains(call.query[name] ?? "true")
    }
}

extension Call {
    /// The body, unpacked where it is compressed. Nil where there is none.
    func document() throws -> RegoValue? {
        let bytes = try unpackedBody()
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return nil }
        return try Self.value(bytes, limits)
    }

    private func unpackedBody() throws -> [UInt8] {
        switch headers[.contentEncoding]?.lowercased() {
        case nil, "identity"?: return body
        case "gzip"?: return try GzipText.decompress(body, limit: limits.bodyBytes)
        case let coding?:
            throw GatehouseError("policy", .unsupported, "the body is coded as \(coding); gzip is taken")
        }
    }

    /// The bytes of a module.
    func text() throws -> [UInt8] { try unpackedBody() }

    static func value(_ bytes: [UInt8], _ limits: HTTPLimits) throws -> RegoValue {
        do {
            return try RegoValue(
                parsing: bytes, limits: JSON.Limits(bytes: limits.bodyBytes, depth: limits.jsonDepth, values: 1_000_000)
            )
        } catch {
            throw GatehouseError(
                "policy", error.code == .tooLarge ? .tooLarge : .invalid,
                "body contains malformed input document: \(error)")
        }
    }
}
