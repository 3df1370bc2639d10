import Gate
import JSON

/// How ``PinTool`` and ``UnpinTool`` name what they are about.
enum PinnedItems {
    /// Of both tools' arguments.
    /// - Parameter more: members that each item must have beside its kind and name.
    static func schema(_ more: JSONObject = [:]) -> JSON {
        var properties: JSONObject = [
            "kind": ["enum": .array(ItemKind.allCases.map { .string($0.rawValue) })],
            "name": ["type": "string", "minLength": 1, "maxLength": 128],
        ]
        for (name, schema) in more { properties[name] = schema }
        let names = properties.map { JSON.string($0.key) }
        return ToolDescriptor.object(
            [
                "server": ServerActions.server,
                "items": [
                    "type": "array", "minItems": 1, "maxItems": JSON(2 * Listing.mostTools + 1),
                    "items": [
                        "type": "object", "additionalProperties": false, "required": .array(names),
                        "properties": .object(properties),
                    ],
                ],
            ], required: ["server", "items"])
    }

    /// An item as the arguments name it.
    static func shape(_ key: Pin.Key) -> JSON { ["kind": .string(key.kind.rawValue), "name": .string(key.name)] }

    /// What an item of the arguments names; nil where it names nothing that there can be.
    static func key(_ item: JSON, _ server: String) -> Pin.Key? {
        guard let kind = item["kind"]?.string.flatMap(ItemKind.init(rawValue:)), let name = item["name"]?.string else {
            return nil
        }
        return Pin.Key(kind: kind, server: server, name: name)
    }

    /// In words: "3 tools and 1 prompt".
    static func count(_ kinds: [ItemKind]) -> String {
        let (tools, prompts) = (kinds.count { $0 == .tool }, kinds.count { $0 == .prompt })
        var parts: [String] = []
        if tools > 0 { parts.append(tools == 1 ? "1 tool" : "\(tools) tools") }
        if prompts > 0 { parts.append(prompts == 1 ? "1 prompt" : "\(prompts) prompts") }
        if kinds.contains(.resources) { parts.append("the resources") }
        return parts.joined(separator: " and ")
    }
}
