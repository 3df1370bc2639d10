/// `http.send`: off unless the evaluation was given a sender. Waits no longer than the evaluation may take.
enum HTTPBuiltins {
    static let name = "http.send"
    /// Requests of one evaluation that differ from each other.
    private static let greatestCount = 64
    /// What a request counts as, so that time is looked at soon after it.
    private static let steps = 10_000
    private static let greatestResponse = 4 << 20

    static let all: [Builtin] = [
        Builtin(name, [.object(.string, .any)], .object(.any, .any), isPure: false, run: send)
    ]

    private static func send(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let asked = try arguments.object(0)
        try count(context)
        let outcome = Result { () throws(HTTPSendError) in try response(to: asked, context) }
        try checkTime(context)
        switch outcome {
        case .success(let response): return try value(of: response, asked, context)
        case .failure(let error):
            guard asked["raise_error"] == false else { throw .failure(error.message) }
            return [
                "status_code": 0,
                "error": ["code": RegoValue(error.code.rawValue), "message": RegoValue(error.message)],
            ]
        }
    }

    private static func response(
        to asked: RegoObject, _ context: BuiltinContext
    ) throws(HTTPSendError) -> HTTPSendResponse {
        guard let sender = context.http else {
            throw HTTPSendError(.refused, "http.send is off: the operator has allowed no hosts")
        }
        for flag in ["raise_error", "force_json_decode", "force_yaml_decode"] {
            _ = try HTTPSendRequest.flag(flag, of: asked)
        }
        var request = try HTTPSendRequest(asked)
        request.responseLimit = min(greatestResponse, max(1024, context.limits.valueSize / 2))
        return try sender.send(request, until: context.deadline)
    }

    // MARK: Limits

    private static func count(_ context: BuiltinContext) throws(BuiltinError) {
        let count = (context.cache[name] as? Int ?? 0) + 1
        context.cache[name] = count
        guard count <= greatestCount else {
            throw .exhausted("it sends more than \(greatestCount) different requests")
        }
        try context.charge(steps: steps)
    }

    private static func checkTime(_ context: BuiltinContext) throws(BuiltinError) {
        guard ContinuousClock.now >= context.deadline else { return }
        throw .exhausted("it takes longer than \(context.limits.time), waiting for servers included")
    }

    // MARK: Response

    private static func value(
        of response: HTTPSendResponse, _ asked: RegoObject, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue {
        try context.charge(memory: response.body.count * 2)
        var headers: [RegoValue: RegoArray] = [:]
        for header in response.headers {
            headers[RegoValue(header.name), default: RegoArray()].append(RegoValue(header.value))
        }
        return [
            "status_code": RegoValue(response.code), "status": RegoValue(response.status),
            "headers": .object(RegoObject(headers.map { ($0.key, .array($0.value)) })),
            "body": try decoded(response, asked, context), "raw_body": RegoValue(GoText.decode(response.body)),
        ]
    }

    /// Null where the body is neither JSON nor YAML, or says that it is and is not.
    private static func decoded(
        _ response: HTTPSendResponse, _ asked: RegoObject, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue {
        let type = response.headers.first { $0.name == "content-type" }?.value.lowercased() ?? ""
        let isJSON = ["application/json", "+json"].contains { type.contains($0) }
        let isYAML = ["application/yaml", "application/x-yaml", "text/yaml"].contains { type.contains($0) }
        if isJSON || asked["force_json_decode"] == true {
            try context.charge(memory: response.body.count * 8)
            return (try? RegoValue(parsing: response.body)) ?? .null
        }
        guard isYAML || asked["force_yaml_decode"] == true,
            let text = String(validating: response.body, as: UTF8.self)
        else { return .null }
        do throws(BuiltinError) { return try YAMLBuiltins.parse(RegoString(text), context) } catch {
            if error.isFatal { throw error }
            return .null
        }
    }
}
