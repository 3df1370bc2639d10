import Core
import JSON
import Rego

extension DecisionInput {
    /// What policy sees as `input`; `docs/policy.md` has its shape.
    var document: RegoValue {
        var input = RegoObject(reserving: 10)
        input.updateValue(.object(principal.document), forKey: Key.principal)
        input.updateValue(.object(session.document), forKey: Key.session)
        input.updateValue(.object(action.document), forKey: Key.action)
        input.updateValue(RegoValue(effect.rawValue), forKey: Key.effect)
        input.updateValue(.texts(labels.lazy.map(\.rawValue)), forKey: Key.labels)
        input.updateValue(.bool(sendsOutside), forKey: Key.sendsOutside)
        if let clearance { input.updateValue(.texts(clearance.lazy.map(\.rawValue)), forKey: Key.clearance) }
        if let preview { input.updateValue(.object(preview.document), forKey: Key.preview) }
        input.updateValue(RegoValue(time.description), forKey: Key.time)
        return .object(input)
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

extension RegoValue {
    /// In ascending order.
    fileprivate static func texts(_ texts: some Collection<String>) -> RegoValue {
        guard texts.count > 1 else { return .array(RegoArray(texts.map { RegoValue($0) })) }
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
        object.updateValue(RegoValue(id), forKey: Key.id)
        object.updateValue(.object(sessionClass.document), forKey: Key.sessionClass)
        object.updateValue(.texts(labels.lazy.map(\.rawValue)), forKey: Key.labels)
        object.updateValue(.bool(breakGlass != nil), forKey: Key.breakGlass)
        return object
    }
}

extension SessionClass {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 4)
        object.updateValue(RegoValue(name), forKey: Key.name)
        object.updateValue(RegoValue(approval.text), forKey: Key.approval)
        object.updateValue(RegoValue(logging.rawValue), forKey: Key.logging)
        object.updateValue(RegoValue(Int(clamping: retention.components.seconds)), forKey: Key.retention)
        return object
    }
}

extension Action {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 5)
        object.updateValue(RegoValue(id), forKey: Key.id)
        object.updateValue(RegoValue(tool), forKey: Key.tool)
        object.updateValue(RegoValue(target), forKey: Key.target)
        object.updateValue(RegoValue(arguments), forKey: Key.arguments)
        if let undoes { object.updateValue(RegoValue(undoes), forKey: Key.undoes) }
        return object
    }
}

extension Preview {
    fileprivate var document: RegoObject {
        var object = RegoObject(reserving: 3)
        object.updateValue(RegoValue(summary), forKey: Key.summary)
        object.updateValue(.bool(undo != nil), forKey: Key.undoable)
        object.updateValue(RegoValue(facts), forKey: Key.facts)
        return object
    }
}
