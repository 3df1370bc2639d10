public import Core

/// How hard a model is to think, as in `openai/gpt-5.4 (high)`.
public enum Effort: String, Sendable, Hashable, CaseIterable {
    case none, minimal, low, medium, high, xhigh, max
}

/// A model as people write it: `openai/gpt-5.4`, `openai/gpt-5.4 (high)`, `fireworks-ai/accounts/x/models/y`.
public struct ModelName: Sendable, Hashable {
    /// The id of a configured provider: everything before the first slash.
    public let provider: String
    /// What the provider calls it; it may hold slashes and colons.
    public let model: String
    public let effort: Effort?

    public init(provider: String, model: String, effort: Effort? = nil) {
        self.provider = provider
        self.model = model
        self.effort = effort
    }

    /// Throws `invalid`, with what is expected.
    public init(_ text: String) throws(GatehouseError) {
        guard text.utf8.count <= Self.greatestLength, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw Self.invalid("a model's name has at most \(Self.greatestLength) bytes and no control characters")
        }
        let (name, effort) = try Self.splitEffort(text)
        guard let slash = name.firstIndex(of: "/") else {
            throw Self.invalid("\"\(name)\" names no provider")
        }
        let provider = name[..<slash]
        let model = name[name.index(after: slash)...]
        guard !provider.isEmpty, !model.isEmpty, !name.utf8.contains(0x20) else {
            throw Self.invalid("\"\(name)\" is not provider/model")
        }
        self.init(provider: String(provider), model: String(model), effort: effort)
    }

    /// The same model without its effort: prices and breakers go by it.
    public var base: ModelName { ModelName(provider: provider, model: model) }

    static let greatestLength = 256

    private static func splitEffort(_ text: String) throws(GatehouseError) -> (Substring, Effort?) {
        guard text.last == ")" else { return (text[...], nil) }
        guard let open = text.lastIndex(of: "("), open > text.startIndex else {
            throw invalid("\"\(text)\" has a parenthesis too many")
        }
        let word = String(text[text.index(after: open)...].dropLast())
        guard let effort = Effort(rawValue: word) else {
            let known = Effort.allCases.map(\.rawValue)
            let meant = Suggestion.nearest(to: word, among: known).map { "did you mean \"\($0)\"?" }
            throw invalid(
                "\"\(word)\" is no reasoning effort", hint: meant ?? "use one of \(known.joined(separator: ", "))")
        }
        var name = text[..<open]
        if name.last == " " { name.removeLast() }
        return (name, effort)
    }

    private static func invalid(_ message: String, hint: String? = nil) -> GatehouseError {
        GatehouseError(
            "models", .invalid, message, hint: hint ?? "write provider/model, as in \"openai/gpt-5.4 (high)\"")
    }
}

extension ModelName: CustomStringConvertible {
    public var description: String { "\(provider)/\(model)" + (effort.map { " (\($0.rawValue))" } ?? "") }
}

/// Names that stand for one model or, tried in order, for several.
public struct ModelAliases: Sendable, Hashable {
    public let groups: [String: [ModelName]]

    public init(_ groups: [String: [ModelName]] = [:]) { self.groups = groups }

    /// The models that a client's word stands for. An alias goes before a name of the same spelling.
    /// - Parameter word: `fast`, `fast (high)`, or a full name. An effort that is written holds for the whole group.
    public func models(for word: String) throws(GatehouseError) -> [ModelName] {
        if let group = groups[word] { return group }
        if word.last == ")", let space = word.lastIndex(of: " "), let group = groups[String(word[..<space])] {
            let effort = try ModelName("alias/\(word)").effort
            return group.map { ModelName(provider: $0.provider, model: $0.model, effort: effort) }
        }
        do { return [try ModelName(word)] } catch {
            guard !word.contains("/"), let meant = Suggestion.nearest(to: word, among: groups.keys) else { throw error }
            throw GatehouseError(
                "models", .notFound, "there is no model \"\(word.prefix(64))\"", hint: "did you mean \"\(meant)\"?")
        }
    }
}
