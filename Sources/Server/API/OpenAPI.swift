import Core
import HTTPTypes
import JSON

/// The OpenAPI 3.1 document, made from the table of routes.
enum OpenAPI {
    static func document(of routes: [Route], version: String) -> JSON {
        var paths = JSONObject()
        for route in routes where route.operation != nil {
            let path = route.path.hasSuffix("...}") ? "\(route.path.dropLast(4))}" : route.path
            var item = paths[path] ?? [:]
            item[route.method.rawValue.lowercased()] = operation(of: route)
            paths[path] = item
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Gatehouse", "version": .string(version),
                "summary": "One gate through which people, agents and pipelines act.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["bearer": []], ["apiKey": []]],
            "tags": .array(tags(of: routes)),
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer",
                        "description": "An API key (gh_…) or a token of a configured issuer.",
                    ],
                    "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                ],
                "schemas": .object(APISchemas.all),
            ],
        ]
    }

    private static func tags(of routes: [Route]) -> [JSON] {
        var seen = Set<String>()
        return routes.compactMap(\.operation?.tag).filter { seen.insert($0).inserted }.map { ["name": .string($0)] }
    }

    private static func operation(of route: Route) -> JSON? {
        guard let operation = route.operation else { return nil }
        var out: JSONObject = [
            "operationId": .string(operation.id), "summary": .string(operation.summary),
            "tags": [.string(operation.tag)],
        ]
        let parameters = pathParameters(of: route) + operation.query.map(queryParameter)
        if !parameters.isEmpty { out["parameters"] = .array(parameters) }
        if let request = operation.request {
            out["requestBody"] = ["required": true, "content": ["application/json": ["schema": request]]]
        }
        out["responses"] = .object(
            responses(of: operation, open: { if case .open = route.access { true } else { false } }()))
        if case .open = route.access { out["security"] = [] }
        return .object(out)
    }

    private static func pathParameters(of route: Route) -> [JSON] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = segment.dropFirst().prefix { $0 != "." && $0 != "}" }
            var parameter: JSONObject = [
                "name": .string(String(name)), "in": "path", "required": true, "schema": ["type": "string"],
            ]
            if segment.hasSuffix("...}") { parameter["description"] = "Any number of segments." }
            return .object(parameter)
        }
    }

    private static func queryParameter(_ parameter: Operation.Parameter) -> JSON {
        [
            "name": .string(parameter.name), "in": "query", "schema": parameter.schema,
            "description": .string(parameter.description),
        ]
    }

    private static func responses(of operation: Operation, open: Bool) -> JSONObject {
        var responses = JSONObject()
        for (status, body) in operation.answers.sorted(by: { $0.key < $1.key }) {
            responses[String(status)] = response(of: body, status: status)
        }
        if !open {
            responses["401"] = error("No or unknown credentials.", operation.errors)
            responses["403"] = error("Known, but not allowed.", operation.errors)
        }
        responses["default"] = error("Any other failure.", operation.errors)
        return responses
    }

    private static func response(of body: Operation.Body, status: Int) -> JSON {
        let description: JSON = status == 202 ? "A person must approve first." : "Done."
        switch body {
        case .none: return ["description": description]
        case .json(let schema):
            return ["description": description, "content": ["application/json": ["schema": schema]]]
        case .other(let type): return ["description": description, "content": [type: ["schema": ["type": "string"]]]]
        case .jsonOrEvents(let schema):
            return [
                "description": description,
                "content": [
                    "application/json": ["schema": schema], "text/event-stream": ["schema": ["type": "string"]],
                ],
            ]
        }
    }

    private static func error(_ description: String, _ schema: String) -> JSON {
        ["description": .string(description), "content": ["application/json": ["schema": Schema.ref(schema)]]]
    }
}
