import Core
import JSON
import Rego

extension DecisionInput {
    /// What policy sees as `input`; `docs/policy.md` has its shape. Here and below, members are put in the order of their
    /// names, which makes for the smallest objects.
    var document: RegoValue {
        var input = RegoObject(reserving: 9)
        input.updateValue(.object(action.document), forKey: Key.action)
        if let clearance { input.updateValue(.texts(clearance.lazy.map(\.rawValue)), forKey: Key.clearance) }
        input.updateValue(effect.document, forKey: Key.effect)
        input.updateValue(.texts(labels.lazy.map(\.rawValue)), forKey: Key.labels)
        if let preview { input.updateValue(.object(preview.document), forKey: Key.preview) }
        input.updateValue(.object(principal.document), forKey: Key.principal)
        input.updateValue(.bool(sendsOutside), forKey: Key.sendsOutside)
        input.updateValue(.object(session.document), forKey: Key.session)
        input.updateValue(RegoValue(time.description), forKey: Key.time)
        return .object(input)
    }
}

extension DecisionInput {
    /// What differs from one request of a kind to the next, as policy sees it.
    static let unsettled = ["input.action.id", "input.action.target", "input.action.arguments", "input.time"]

    /// The same without what ``unsettled`` names.
    var outline: DecisionInput {
        var outline = self
        outline.action = Action(id: "", tool: action.tool, target: "", arguments: [:])
        outline.time = Timestamp(microseconds: 0)
        return outline
    }
}

/// The names of members, made once.
private enum Key {
    static let principal = RegoValue("principal")
    static let session = RegoValue("session")
    static let action = RegoValue("action")
    static let effect = RegoValue("effect")
    static let labels = RegoValue("labels")
    static let sendsOutside = RegoValue("sends_outside")
    static let clearance = RegoValue("clearance")
    static let preview = RegoValue("preview")
    static let time = RegoValue("time")
    static let id = RegoValue("id")
    static let kind = RegoValue("kind")
    static let name = RegoValue("name")
    static let roles = RegoValue("roles")
    static let sessionClass = RegoValue("class")
    static let approval = RegoValue("approval")
    static let logging = RegoValue("logging")
    static let retention = RegoValue("retention_seconds")
    static let breakGlass = RegoValue("break_glass")
    static let tool = RegoValue("tool")
    static let target = RegoValue("target")
    static let arguments = RegoValue("arguments")
    static let undoes = RegoValue("undoes")
    static let summary = RegoValue("summary")
    static let undoable = RegoValue("undoable")
    static let facts = RegoValue("facts")
}

extension Effect {
    fileprivate var document: RegoValue {
        switch self {
        case .read: Self.read
        case .reveal: Self.reveal
        case .change: Self.change
        case .destroy: Self.destroy
        }
    }

    private static let read = RegoValue(Effect.read.rawValue)
    private static let reveal = RegoValue(Effect.reveal.rawValue)
    private static let change = RegoValue(Effect.change.rawValue)
    private static let destroy = RegoValue(Effect.destroy.rawValue)
}

extension RegoValue {
    private static let none: RegoValue = []

    /// In ascending order.
    fileprivate static func texts(_ texts: some Collection<String>) -> RegoValue {
        if texts.isEmpty { return none }
        return .array(RegoArray(texts.sorted().lazy.map { RegoValue($0) }))
    }
}

extension Principal {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 4)
        object.updateValue(RegoValue(id), forKey: Key.id)
        object.updateValue(RegoValue(kind.rawValue), forKey: Key.kind)
        object.updateValue(RegoValue(name), forKey: Key.name)
        object.updateValue(.texts(roles), forKey: Key.roles)
        return object
    }
}

extension Session {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 4)
        object.updateValue(.bool(breakGlass != nil), forKey: Key.breakGlass)
        object.updateValue(.object(sessionClass.document), forKey: Key.sessionClass)
        object.updateValue(RegoValue(id), forKey: Key.id)
        object.updateValue(.texts(labels.lazy.map(\.rawValue)), forKey: Key.labels)
        return object
    }
}

extension SessionClass {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 4)
        object.updateValue(RegoValue(approval.text), forKey: Key.approval)
        object.updateValue(RegoValue(logging.rawValue), forKey: Key.logging)
        object.updateValue(RegoValue(name), forKey: Key.name)
        object.updateValue(RegoValue(Int(clamping: retention.components.seconds)), forKey: Key.retention)
        return object
    }
}

extension Action {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 5)
        object.updateValue(RegoValue(arguments), forKey: Key.arguments)
        object.updateValue(RegoValue(id), forKey: Key.id)
        object.updateValue(RegoValue(target), forKey: Key.target)
        object.updateValue(RegoValue(tool), forKey: Key.tool)
        if let undoes { object.updateValue(RegoValue(undoes), forKey: Key.undoes) }
        return object
    }
}

extension Preview {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 3)
        object.updateValue(RegoValue(facts), forKey: Key.facts)
        object.updateValue(RegoValue(summary), forKey: Key.summary)
        object.updateValue(.bool(undo != nil), forKey: Key.undoable)
        return object
    }
}
