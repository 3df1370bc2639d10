import Core
import Formats
import Gate
import JSON
import Policy
import Rego
import Synchronization

/// The tools that change policy and data over the API. They pass the gate like any other.
enum PolicyTools {
    static func all(_ policy: LatePolicy) -> [any Tool] {
        [
            PutModuleTool(policy: policy), DeleteModuleTool(policy: policy), PutDataTool(policy: policy),
            DeleteDataTool(policy: policy),
        ]
    }

    static let textBytes = 512 << 10
    static let id: JSON = ["type": "string", "description": "The module's id.", "minLength": 1, "maxLength": 256]
    static let path: JSON = [
        "type": "array", "items": ["type": "string", "minLength": 1, "maxLength": 512], "minItems": 1, "maxItems": 32,
        "description": "The steps below `data`.",
    ]

    static func arguments(_ properties: JSONObject) -> JSON {
        ToolDescriptor.object(properties, required: Array(properties.keys))
    }

    /// What decides in the gate comes from configuration, so that who may put policy cannot take all power.
    static func refuseOwn(_ path: [String], _ what: String) throws(GatehouseError) {
        guard path.first == "gatehouse" else { return }
        throw GatehouseError(
            "policy", .invalid, "\(what) belongs to Gatehouse itself and is not changed over the API",
            hint: "Put rules of your own into a file or bundle that the configuration names under `policy`.")
    }

    /// In the one shape: the gate takes another error for an outcome that nobody knows.
    static func explained<Result>(_ body: () throws -> Result) throws(GatehouseError) -> Result {
        do { return try body() } catch let errors as RegoErrors {
            throw GatehouseError("policy", .invalid, "the policy does not compile", cause: errors.description)
        } catch let error as GatehouseError { throw error } catch {
            throw GatehouseError("policy", .internal, "the policy cannot be changed", from: error)
        }
    }

    /// - Throws: `invalid` for a text that is no module, or one of Gatehouse's own.
    static func checkPackage(_ text: [UInt8], _ id: String) throws(GatehouseError) {
        var compiler = Compiler()
        try explained { try compiler.add(module: text, name: id) }
        try refuseOwn(compiler.modules.first?.package ?? [], "package gatehouse")
    }
}

/// The policy of the house, which is made after the gate that its tools are registered with.
final class LatePolicy: Sendable {
    private let policy = Mutex<HousePolicy?>(nil)

    func set(_ made: HousePolicy) { policy.withLock { $0 = made } }

    /// - Throws: `unavailable` while the house opens.
    func get() throws(GatehouseError) -> HousePolicy {
        guard let policy = policy.withLock({ $0 }) else {
            throw GatehouseError("policy", .unavailable, "the house is still opening", hint: "try again shortly")
        }
        return policy
    }
}

/// `policy.module.put`
private struct PutModuleTool: Tool {
    let policy: LatePolicy

    let descriptor = ToolDescriptor(
        id: "policy.module.put", title: "Put a policy module",
        summary:
            "Adds a module of Rego or replaces the one with that id. What does not compile with the rest is refused.",
        effect: .change,
        arguments: PolicyTools.arguments([
            "id": PolicyTools.id,
            "text": ["type": "string", "description": "Rego.", "maxLength": JSON(PolicyTools.textBytes)],
        ]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (id, text) = try Self.read(action)
        let store = try policy.get().store
        try PolicyTools.checkPackage(Array(text.utf8), id)
        try PolicyTools.explained { try store.check(module: Array(text.utf8), id: id) }
        let before = store.own.modules[id].map { String(decoding: $0.text, as: UTF8.self) }
        let undo =
            before.map { before in
                UndoPlan(
                    tool: descriptor.id, target: action.target,
                    arguments: ["id": .string(id), "text": .string(before)],
                    summary: "put the former text of module \(id) back")
            }
            ?? UndoPlan(
                tool: DeleteModuleTool.id, target: action.target, arguments: ["id": .string(id)],
                summary: "delete module \(id)")
        return Preview(
            summary: before == nil ? "add the policy module \(id)" : "replace the policy module \(id)",
            diff: UnifiedDiff.between(before, text, name: id),
            facts: ["id": .string(id), "replaces": .bool(before != nil)],
            undo: undo)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (id, text) = try Self.read(action)
        let policy = try policy.get()
        try PolicyTools.checkPackage(Array(text.utf8), id)
        do { try await policy.put(module: Array(text.utf8), id: id) } catch {
            try PolicyTools.explained { throw error }
        }
        return Self.answer(id, policy)
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let (id, text) = try Self.read(action)
        let policy = try policy.get()
        let isThere = policy.store.own.modules[id]?.text == Array(text.utf8)
        return isThere ? .happened(Self.answer(id, policy)) : .didNotHappen
    }

    private static func read(_ action: Action) throws -> (id: String, text: String) {
        (try action.arguments.text("id"), action.arguments["text"]?.string ?? "")
    }

    private static func answer(_ id: String, _ policy: HousePolicy) -> Answer {
        Answer(["id": .string(id), "revision": .string(policy.store.current.revision)])
    }
}

/// `policy.module.delete`
private struct DeleteModuleTool: Tool {
    static let id = "policy.module.delete"
    let policy: LatePolicy

    let descriptor = ToolDescriptor(
        id: Self.id, title: "Delete a policy module",
        summary: "Takes a module out that was put over the API. One that others need is refused.", effect: .change,
        arguments: PolicyTools.arguments(["id": PolicyTools.id]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let id = try action.arguments.text("id")
        let store = try policy.get().store
        try PolicyTools.explained { try store.check(deleting: id) }
        let before = String(decoding: store.own.modules[id]?.text ?? [], as: UTF8.self)
        return Preview(
            summary: "delete the policy module \(id)", diff: UnifiedDiff.between(before, nil, name: id),
            facts: ["id": .string(id)],
            undo: UndoPlan(
                tool: "policy.module.put", target: action.target,
                arguments: ["id": .string(id), "text": .string(before)], summary: "put module \(id) back"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let id = try action.arguments.text("id")
        let policy = try policy.get()
        do { try await policy.delete(module: id) } catch { try PolicyTools.explained { throw error } }
        return Answer(["id": .string(id), "revision": .string(policy.store.current.revision)])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let id = try action.arguments.text("id")
        let isThere = try policy.get().store.own.modules[id] != nil
        return isThere ? .didNotHappen : .happened(Answer(["id": .string(id)]))
    }
}

/// `policy.data.put`
private struct PutDataTool: Tool {
    let policy: LatePolicy

    let descriptor = ToolDescriptor(
        id: "policy.data.put", title: "Put data for policies",
        summary: "Puts a document at a path below `data`, in place of what is there.", effect: .change,
        arguments: PolicyTools.arguments(["path": PolicyTools.path, "value": [:]]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let (path, value) = try DataArguments.read(action)
        let before = try policy.get().store.own.data.value(at: path)
        let name = "data/\(path.joined(separator: "/"))"
        let undo =
            before.map {
                UndoPlan(
                    tool: descriptor.id, target: action.target,
                    arguments: ["path": DataArguments.json(path), "value": $0.json],
                    summary: "put what was at \(name) back")
            }
            ?? UndoPlan(
                tool: DeleteDataTool.id, target: action.target, arguments: ["path": DataArguments.json(path)],
                summary: "delete what is at \(name)")
        return Preview(
            summary: before == nil ? "add \(name)" : "replace \(name)",
            diff: UnifiedDiff.between(
                before.map { DataArguments.pretty($0.json) }, DataArguments.pretty(value.json), name: name),
            facts: ["path": DataArguments.json(path)], undo: undo)
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let (path, value) = try DataArguments.read(action)
        let policy = try policy.get()
        do { try await policy.put(data: value, at: path) } catch { try PolicyTools.explained { throw error } }
        return Answer(["path": DataArguments.json(path), "revision": .string(policy.store.current.revision)])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let (path, value) = try DataArguments.read(action)
        let isThere = try policy.get().store.own.data.value(at: path) == value
        return isThere ? .happened(Answer(["path": DataArguments.json(path)])) : .didNotHappen
    }
}

/// `policy.data.delete`
private struct DeleteDataTool: Tool {
    static let id = "policy.data.delete"
    let policy: LatePolicy

    let descriptor = ToolDescriptor(
        id: Self.id, title: "Delete data for policies", summary: "Takes out what is at a path below `data`.",
        effect: .change, arguments: PolicyTools.arguments(["path": PolicyTools.path]))

    func preview(_ action: Action, in context: ActionContext) async throws -> Preview {
        let path = try DataArguments.path(action)
        guard let before = try policy.get().store.own.data.value(at: path) else { throw DataArguments.missing(path) }
        let name = "data/\(path.joined(separator: "/"))"
        return Preview(
            summary: "delete \(name)", diff: UnifiedDiff.between(DataArguments.pretty(before.json), nil, name: name),
            facts: ["path": DataArguments.json(path)],
            undo: UndoPlan(
                tool: "policy.data.put", target: action.target,
                arguments: ["path": DataArguments.json(path), "value": before.json], summary: "put \(name) back"))
    }

    func perform(_ action: Action, in context: ActionContext) async throws -> Answer {
        let path = try DataArguments.path(action)
        let policy = try policy.get()
        do { try await policy.delete(dataAt: path) } catch { try PolicyTools.explained { throw error } }
        return Answer(["path": DataArguments.json(path), "revision": .string(policy.store.current.revision)])
    }

    func reconcile(_ action: Action, in context: ActionContext) async throws -> Reconciliation {
        let path = try DataArguments.path(action)
        let isThere = try policy.get().store.own.data.value(at: path) != nil
        return isThere ? .didNotHappen : .happened(Answer(["path": DataArguments.json(path)]))
    }
}

/// How the arguments of data tools are read and shown.
enum DataArguments {
    static func read(_ action: Action) throws -> (path: [String], value: RegoValue) {
        let path = try path(action)
        guard let value = action.arguments["value"] else {
            throw GatehouseError("policy", .invalid, "the argument \"value\" is missing")
        }
        return (path, RegoValue(value))
    }

    static func path(_ action: Action) throws -> [String] {
        let path = action.arguments["path"]?.array?.compactMap(\.string) ?? []
        guard !path.isEmpty else { throw GatehouseError("policy", .invalid, "the argument \"path\" is missing") }
        try PolicyTools.refuseOwn(path, "data.gatehouse")
        return path
    }

    static func missing(_ path: [String]) -> GatehouseError {
        GatehouseError("policy", .notFound, "there is no data at /\(path.joined(separator: "/")) that was put")
    }

    static func json(_ path: [String]) -> JSON { .array(path.map { .string($0) }) }

    static func pretty(_ value: JSON) -> String {
        var writer = JSONWriter(reserving: 256, pretty: true)
        writer.value(value)
        return String(decoding: writer.take(), as: UTF8.self)
    }
}
