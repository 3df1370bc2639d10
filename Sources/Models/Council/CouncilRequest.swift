import Core
import JSON

/// What a client asks of a council: the body of a chat completion, and who is to answer it.
struct CouncilRequest: Sendable {
    /// Nil where the members are named in the request.
    let name: String?
    let rule: CouncilRule
    /// Of each member, in the order of the rule's models.
    let bodies: [[UInt8]]

    /// - Parameter isChat: whether the council is named as `model`, as in a chat; else it is named as `council`, or its
    ///   members as `models`, with what they are compared `on`.
    /// - Throws: `invalid`, `not_found` for a council that is not configured, `unsupported` for what no council does.
    init(_ bytes: [UInt8], isChat: Bool, councils: [String: CouncilRule]) throws(GatehouseError) {
        let body: JSON
        do { body = try JSON.parse(bytes) } catch {
            throw GatehouseError(
                "models", error.code == .tooLarge ? .tooLarge : .invalid, "the body is not JSON that can be read",
                from: error)
        }
        guard var rest = body.object else { throw Self.invalid("the body is no JSON object") }
        try Self.refuseWhatNoCouncilDoes(rest)
        if isChat {
            let name = CouncilRule.name(in: rest["model"]?.string ?? "") ?? ""
            (self.name, rule) = (name, try Self.configured(name, councils))
        } else {
            (name, rule) = try Self.asked(&rest, councils)
        }
        bodies = rule.models.map { model in
            rest["model"] = .string(model)
            return JSON.object(rest).bytes()
        }
    }

    private static func asked(
        _ body: inout JSONObject, _ councils: [String: CouncilRule]
    ) throws(GatehouseError) -> (String?, CouncilRule) {
        guard body["model"] == nil else {
            throw invalid("a council has models, and no model", hint: "name them in models, or a council in council")
        }
        let on = try pointer(body.removeValue(forKey: "on"))
        let (models, council) = (body.removeValue(forKey: "models"), body.removeValue(forKey: "council"))
        switch (models, council) {
        case (nil, let council?):
            let rule = try configured(council.string ?? "", councils)
            return (council.string, CouncilRule(models: rule.models, on: on ?? rule.on, quorum: rule.quorum))
        case (let models?, nil):
            let names = (models.array ?? []).compactMap(\.string)
            guard names.count == models.array?.count, CouncilRule.size.contains(names.count) else {
                throw invalid("models must be \(CouncilRule.size.lowerBound) to \(CouncilRule.size.upperBound) names")
            }
            return (nil, CouncilRule(models: names, on: on))
        default: throw invalid("either models or council is needed", hint: "name two to nine models in models")
        }
    }

    private static func configured(
        _ name: String, _ councils: [String: CouncilRule]
    ) throws(GatehouseError) -> CouncilRule {
        if let rule = councils[name] { return rule }
        let meant = Suggestion.nearest(to: name, among: councils.keys)
        throw GatehouseError(
            "models", .notFound, "there is no council \"\(name.prefix(64))\"",
            hint: meant.map { "did you mean \"\($0)\"?" } ?? "councils are configured under models.councils")
    }

    private static func pointer(_ value: JSON?) throws(GatehouseError) -> JSONPointer? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string, text.utf8.count <= 1024, let pointer = JSONPointer(text) else {
            throw invalid("on must be a JSON Pointer (RFC 6901)", hint: "write for example \"/verdict\"")
        }
        return pointer
    }

    /// Answers are compared as a whole, one of each member.
    private static func refuseWhatNoCouncilDoes(_ body: JSONObject) throws(GatehouseError) {
        let refused: [(String, Bool)] = [
            ("stream", body["stream"]?.bool == true), ("n", (body["n"]?.int ?? 1) > 1),
            ("tools", body["tools"]?.array?.isEmpty == false),
            ("functions", body["functions"]?.array?.isEmpty == false),
        ]
        guard let (name, _) = refused.first(where: \.1) else { return }
        throw GatehouseError(
            "models", .unsupported, "a council does not take \(name)", hint: "leave it out, or ask a single model")
    }

    private static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError("models", .invalid, message, hint: hint)
    }
}
