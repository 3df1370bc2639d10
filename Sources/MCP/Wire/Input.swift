public import JSON

/// Something that a server asks its client for while it works on the client's request: a form filled in or a page
/// visited by the person (`elicitation/create`), a model's answer (`sampling/createMessage`), its folders
/// (`roots/list`).
public struct InputRequest: MCPObject {
    public static let shape = Shape(
        "InputRequest", .required("method", .word([Method.elicit, Method.createMessage, Method.listRoots])),
        .optional("params", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(method: String, params: JSON? = nil) {
        json = .made(["method": JSON(method), "params": params])
    }

    /// - Parameter schema: of the form: an object of texts, numbers, booleans and choices.
    public static func form(message: String, schema: JSON) -> InputRequest {
        InputRequest(
            method: Method.elicit, params: ["mode": "form", "message": JSON(message), "requestedSchema": schema])
    }

    /// The person is to visit a page; what they do there does not pass through the client.
    public static func url(message: String, url: String) -> InputRequest {
        InputRequest(method: Method.elicit, params: ["mode": "url", "message": JSON(message), "url": JSON(url)])
    }

    public static func sampling(_ params: CreateMessageParams) -> InputRequest {
        InputRequest(method: Method.createMessage, params: params.json)
    }

    public static let roots = InputRequest(method: Method.listRoots, params: [:])

    public var method: String { text("method") }
    public var params: JSON? { json["params"] }

    public enum Kind: Sendable, Hashable { case form, url, sampling, roots }

    public var kind: Kind {
        switch method {
        case Method.createMessage: .sampling
        case Method.listRoots: .roots
        default: params?["mode"]?.string == "url" ? .url : .form
        }
    }

    /// Whether a client with these capabilities can be asked this.
    public func isServed(by capabilities: ClientCapabilities) -> Bool {
        switch kind {
        case .form: capabilities.hasElicitationForm
        case .url: capabilities.hasElicitationURL
        case .roots: capabilities.hasRoots
        case .sampling:
            params?["tools"] == nil && params?["toolChoice"] == nil
                ? capabilities.hasSampling : capabilities.hasSamplingTools
        }
    }

    /// What a client must declare to be asked this.
    public var requiredCapabilities: ClientCapabilities {
        switch kind {
        case .form: ClientCapabilities(elicitationForm: true)
        case .url: ClientCapabilities(elicitationURL: true)
        case .roots: ClientCapabilities(roots: true)
        case .sampling: ClientCapabilities(sampling: true, samplingTools: params?["tools"] != nil)
        }
    }
}

/// Requests for input by names that their server gave them.
public struct InputRequests: MCPObject {
    public static let shape = Shape("InputRequests", each: .of(InputRequest.self))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ requests: KeyValuePairs<String, InputRequest>) {
        self.init(requests.map { ($0.key, $0.value) })
    }

    public init(_ requests: [(key: String, request: InputRequest)]) {
        json = .object(JSONObject(requests.map { ($0.key, $0.request.json) }))
    }

    public var requests: [(key: String, request: InputRequest)] {
        (json.object ?? [:]).map { ($0.key, InputRequest(trusted: $0.value)) }
    }
    public var count: Int { json.object?.count ?? 0 }
    public subscript(key: String) -> InputRequest? { json[key].map { InputRequest(trusted: $0) } }
}

/// What a client answers to ``InputRequests``, under the same names: an ``ElicitResult``, a ``CreateMessageResult`` or
/// a ``ListRootsResult`` each, to be read by the one who knows what was asked.
public struct InputResponses: MCPObject {
    public static let shape = Shape("InputResponses", each: .object)

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ responses: [(key: String, result: JSON)]) {
        json = .object(JSONObject(responses.map { ($0.key, $0.result) }))
    }

    public subscript(key: String) -> JSON? { json[key] }
    public var keys: [String] { (json.object ?? [:]).map(\.key) }
    public var count: Int { json.object?.count ?? 0 }
}

/// The answer of a server that needs input first (2026-07-28).
public struct InputRequiredResult: MCPObject {
    public static let shape = Shape(
        "InputRequiredResult", .required("resultType", .word([ResultType.inputRequired])),
        .optional("inputRequests", .of(InputRequests.self)), .optional("requestState", .text),
        .optional("_meta", .object))

    public let json: JSON
    public init(trusted json: JSON) { self.json = json }

    public init(_ requests: InputRequests?, requestState: String?) {
        json = .made([
            "resultType": JSON(ResultType.inputRequired), "inputRequests": requests?.json,
            "requestState": requestState.map(JSON.string),
        ])
    }

    public var inputRequests: InputRequests { view("inputRequests") ?? InputRequests([:]) }
    public var requestState: String? { json["requestState"]?.string }
}

public enum ResultType {
    public static let complete = "complete"
    public static let inputRequired = "input_required"
}
