import Core

/// What becomes of what is found in the arguments and answers of tools, by tool.
public struct ToolPrivacy: Sendable {
    public struct Rules: Sendable, Hashable {
        public var rules: PrivacyRules
        /// Whether tokens in arguments become the session's values before the tool sees them.
        public var restores: Bool

        public init(_ rules: PrivacyRules = Rules.standard, restores: Bool = false) {
            self.rules = rules
            self.restores = restores
        }

        /// Secrets are redacted. All else is labelled and passes: tools work with what they are given.
        public static let standard = PrivacyRules(
            byKind: [.date: .allow, .url: .allow], byLabel: [.secret: .redact], otherwise: .allow)
    }

    /// The rules made ready.
    public struct Rule: Sendable {
        /// For answers.
        public let filter: PrivacyFilter
        /// For arguments. What would become a token and its value again passes: a token that is made now could be
        /// one that stands there already and means nothing here.
        public let requestFilter: PrivacyFilter
        public let restores: Bool
        /// Whether tokens and stand-ins are given out.
        public let remembers: Bool

        init(_ rules: Rules, _ scanner: PrivacyScanner, hasExternal: Bool) {
            filter = PrivacyFilter(scanner: scanner, rules: rules.rules, hasExternal: hasExternal)
            let asked = rules.restores ? rules.rules.passing(.token) : rules.rules
            requestFilter = PrivacyFilter(scanner: scanner, rules: asked, hasExternal: hasExternal)
            restores = rules.restores
            remembers = rules.restores || rules.rules.remembers
        }
    }

    private let otherwise: Rule
    private let exact: [String: Rule]
    /// By the beginning of a tool's id, the longest first.
    private let beginnings: [(text: String, rule: Rule)]

    /// - Parameter byTool: by a tool's id, or the beginning of one before a `*`; the one that says most goes first.
    public init(
        _ rules: Rules = Rules(), byTool: [String: Rules] = [:], scanner: PrivacyScanner, hasExternal: Bool = false
    ) {
        func made(_ rules: Rules) -> Rule { Rule(rules, scanner, hasExternal: hasExternal) }
        otherwise = made(rules)
        exact = byTool.filter { $0.key.last != "*" }.mapValues(made)
        beginnings = byTool.filter { $0.key.last == "*" }
            .map { (text: String($0.key.dropLast()), rule: made($0.value)) }
            .sorted { $0.text.utf8.count > $1.text.utf8.count }
    }

    public func rule(for tool: String) -> Rule {
        if exact.isEmpty, beginnings.isEmpty { return otherwise }
        return exact[tool] ?? beginnings.first { tool.hasPrefix($0.text) }?.rule ?? otherwise
    }
}
