public import JSON

/// What a person did with a form or a page.
public struct ElicitResult: MCPObject {
    public enum Action: String, Sendable, Hashable, CaseIterable { case accept, decline, cancel }

    public static let shape = Shape(
        "ElicitResult", .required("action", .word(Action.allCases.map(\.rawValue))), .optional("content", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ action: Action, content: JSONObject? = nil) {
        json = .made(["action": JSON(action.rawValue), "content": content.map(JSON.object)])
    }

    public var action: Action { Action(rawValue: text("action")) ?? .cancel }
    /// What was filled in; the person's word, not checked against the form.
    public var content: JSONObject { json["content"]?.object ?? [:] }
}

/// The folders that a client lets a server work in.
public struct ListRootsResult: MCPObject {
    public static let shape = Shape("ListRootsResult", .required("roots", .list(.of(Root.self))))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ roots: [Root]) { json = .made(["roots": .objects(roots)]) }

    public var roots: [Root] { list("roots") ?? [] }
}

public struct Root: MCPObject {
    public static let shape = Shape(
        "Root", .required("uri", .text), .optional("name", .text), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(uri: String, name: String? = nil) {
        json = .made(["uri": JSON(uri), "name": name.map(JSON.string)])
    }

    public var uri: String { text("uri") }
    public var name: String? { json["name"]?.string }
}
