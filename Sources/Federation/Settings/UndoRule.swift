import Config
import Core
import Gate
import JSON

/// How a call of a tool is undone: by a call of another tool of the same server, whose arguments come from the first call's.
///
/// A value `"$.path.to.member"` stands for that member of the arguments, anything else for itself. It is worked out
/// before the call is made; a tool whose inverse needs something of its answer has none.
public struct UndoRule: Sendable, Hashable {
    public var tool: String
    public var arguments: [String: String]

    public init(tool: String, arguments: [String: String]) {
        self.tool = tool
        self.arguments = arguments
    }

    init(_ node: ConfigNode) throws {
        self.init(tool: try node.string("tool"), arguments: [:])
        for (name, value) in node.map("arguments") { arguments[name] = value.string }
    }

    /// Nil where the call lacks a member that the inverse needs.
    func inverse(of call: JSON) -> JSON? {
        var inverse = JSONObject()
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) {
            guard let value = Self.value(value, in: call) else { return nil }
            inverse[name] = value
        }
        return .object(inverse)
    }

    private static func value(_ text: String, in call: JSON) -> JSON? {
        guard text.hasPrefix("$.") else { return .string(text) }
        return text.dropFirst(2).split(separator: ".").reduce(call) { value, member in value?[String(member)] }
    }
}
