public import JSON

/// A question for values that an argument of a prompt or of a resource template may take.
public struct CompleteParams: MCPObject {
    public static let shape = Shape(
        "CompleteRequestParams", .required("ref", .of(CompletionReference.self)),
        .required("argument", .of(Argument.self)), .optional("context", .object), .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ reference: CompletionReference, argument: String, value: String) {
        json = ["ref": reference.json, "argument": ["name": JSON(argument), "value": JSON(value)]]
    }

    struct Argument: MCPObject {
        static let shape = Shape("argument", .required("name", .text), .required("value", .text))
        let json: JSON
        init(trusted json: JSON) { self.json = json }
    }

    public var reference: CompletionReference { CompletionReference(trusted: json["ref"] ?? [:]) }
    public var argument: String { json["argument"]?["name"]?.string ?? "" }
    /// What the person has typed so far.
    public var value: String { json["argument"]?["value"]?.string ?? "" }
    /// The arguments that are settled already.
    public var settled: JSONObject { json["context"]?["arguments"]?.object ?? [:] }
}

/// A prompt by name or a resource template by its URI.
public struct CompletionReference: MCPObject {
    public static let shape = Shape(
        "Reference", .required("type", .word(["ref/prompt", "ref/resource"])), .optional("name", .text),
        .optional("uri", .text))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public static func prompt(_ name: String) -> CompletionReference {
        CompletionReference(trusted: ["type": "ref/prompt", "name": JSON(name)])
    }
    public static func resource(_ uri: String) -> CompletionReference {
        CompletionReference(trusted: ["type": "ref/resource", "uri": JSON(uri)])
    }

    public var promptName: String? { json["type"]?.string == "ref/prompt" ? json["name"]?.string : nil }
    public var resourceURI: String? { json["type"]?.string == "ref/resource" ? json["uri"]?.string : nil }
}

public struct CompleteResult: MCPObject {
    public static let shape = Shape(
        "CompleteResult", .required("completion", .of(Completion.self)), .optional("_meta", .object))

    struct Completion: MCPObject {
        static let shape = Shape(
            "completion", .required("values", .list(.text)), .optional("total", .integer), .optional("hasMore", .bool))
        let json: JSON
        init(trusted json: JSON) { self.json = json }
    }

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    /// The most values that one answer may have.
    public static let greatestCount = 100

    /// - Parameter values: best first; the first hundred are given.
    public init(_ values: [String]) {
        json = [
            "completion": .made([
                "values": .texts(Array(values.prefix(Self.greatestCount))), "total": JSON(values.count),
                "hasMore": JSON(values.count > Self.greatestCount),
            ])
        ]
    }

    public var values: [String] { json["completion"]?["values"]?.array?.compactMap(\.string) ?? [] }
}
