import Core
import Dialects
import JSON

/// Writes into a request how hard a model is to think, where its name says so: `openai/gpt-5.4 (high)`.
enum EffortWriting {
    /// - Throws: `unsupported` for an effort that the provider's dialect has no word for.
    static func written(_ body: [UInt8], for model: ModelName, on surface: Surface, _ dialect: Dialect)
        throws(GatehouseError) -> [UInt8]
    {
        let thinks =
            surface != .openAIEmbeddings && surface != .openAITranscriptions && surface != .anthropicCountTokens
        guard let effort = model.effort, thinks else { return body }
        guard dialect.knows(effort) else {
            throw GatehouseError(
                "models", .unsupported, "\(model.provider) has no reasoning effort \"\(effort.rawValue)\"",
                hint: "one of \(Effort.allCases.filter(dialect.knows).map(\.rawValue).joined(separator: ", "))")
        }
        do {
            let document = try JSONDocument(body)
            let path = dialect.effortField(on: surface)
            return document.replacing([replacement(path[...], JSON.string(effort.rawValue), in: document.root)])
        } catch {
            throw GatehouseError("models", .internal, "the request cannot be read again", from: error)
        }
    }

    private static func replacement(
        _ path: ArraySlice<String>, _ value: JSON, in object: JSONView
    ) -> (range: Range<Int>, bytes: [UInt8]) {
        guard let key = path.first else { return (object.raw, value.bytes()) }
        let rest = path.dropFirst()
        if let inner = object[key] {
            return inner.kind == .object || rest.isEmpty
                ? replacement(rest, value, in: inner) : (inner.raw, nested(rest, value).bytes())
        }
        let start = object.raw.lowerBound + 1
        let member = JSON.string(key).bytes() + [UInt8(ascii: ":")] + nested(rest, value).bytes()
        let isEmpty = object.members.first { _ in true } == nil
        return (start..<start, isEmpty ? member : member + [UInt8(ascii: ",")])
    }

    private static func nested(_ path: ArraySlice<String>, _ value: JSON) -> JSON {
        path.reversed().reduce(value) { .object([$1: $0]) }
    }
}
