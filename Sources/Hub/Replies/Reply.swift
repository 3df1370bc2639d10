public import Core
public import JSON

/// What the house says to a text: data, for any mouth to show.
public struct Reply: Sendable, Hashable {
    /// What will be done after a yes.
    public struct Plan: Sendable, Hashable {
        public var title: String
        /// Nil where an action is taken back.
        public var tool: String?
        public var target: String?
        public var arguments: JSON?
        public var effect: Effect
        public var expires: Timestamp
    }

    public struct Table: Sendable, Hashable {
        public var columns: [String]
        public var rows: [[String]]
        /// How many rows there were; those beyond a bound are left out.
        public var total: Int
    }

    public var text: String
    public var plan: Plan?
    /// What may be said next, word for word.
    public var suggestions: [String] = []
    public var table: Table?
    /// `act_…`, of what was done or asked for.
    public var action: String?
    /// `apr_…`, where people have to agree.
    public var approval: String?
    /// `run_…`
    public var run: String?
    /// A path of the console, where there is more.
    public var link: String?
    /// What was understood; nil where nothing was.
    public var intent: String?

    init(_ text: String) { self.text = text }
}

extension Reply {
    public var json: JSON {
        var object: JSONObject = [
            "text": .string(text), "suggestions": .array(suggestions.map { .string($0) }),
        ]
        object["plan"] = plan?.json
        object["table"] = table?.json
        object["action"] = action.map { .string($0) }
        object["approval"] = approval.map { .string($0) }
        object["run"] = run.map { .string($0) }
        object["link"] = link.map { .string($0) }
        object["intent"] = intent.map { .string($0) }
        return .object(object)
    }
}

extension Reply.Plan {
    public var json: JSON {
        var object: JSONObject = [
            "title": .string(title), "effect": .string(effect.rawValue), "expires": .string(expires.description),
        ]
        object["tool"] = tool.map { .string($0) }
        object["target"] = target.map { .string($0) }
        object["arguments"] = arguments
        return .object(object)
    }

    init(_ plan: PlannedDeed) {
        (title, effect, expires) = (plan.deed.title, plan.effect, plan.expires)
        if case .submit(let tool, let target, let arguments) = plan.deed.work {
            (self.tool, self.target, self.arguments) = (tool, target, arguments)
        }
    }
}

extension Reply.Table {
    public var json: JSON {
        [
            "columns": .array(columns.map { .string($0) }),
            "rows": .array(rows.map { .array($0.map { .string($0) }) }), "total": JSON(total),
        ]
    }
}
