import Core
import HTTPTypes
import HummingbirdCore

/// One operation that the server answers, as a value: the table of routes and the OpenAPI document are made from it.
struct Route: Sendable {
    enum Access: Sendable {
        /// Anyone.
        case open
        /// Any credential, on the API.
        case principal
        /// A console sign-in; others are shown how to sign in.
        case console
    }

    let method: HTTPRequest.Method
    /// `/api/v1/actions/{id}`: a segment in braces stands for any one segment.
    let path: String
    let access: Access
    /// Whether the answer may take as long as it takes (streams, actions with their own time limit).
    let unhurried: Bool
    let operation: Operation?
    let handler: @Sendable (Call) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, access: Access, unhurried: Bool = false,
        operation: Operation? = nil,
        handler: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.unhurried = unhurried
        self.operation = operation
        self.handler = handler
    }
}

/// Finds the route of a request.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case found(Route, [String: String])
        /// The path exists; these methods do.
        case otherMethod(allowed: [String])
        case none
    }

    private final class Node: Sendable {
        let literals: [String: Node]
        let parameter: Node?
        let routes: [Route]

        init(_ entries: [(segments: ArraySlice<String>, route: Route)]) {
            routes = entries.filter(\.segments.isEmpty).map(\.route)
            let deeper = entries.filter { !$0.segments.isEmpty }
            let groups = Dictionary(grouping: deeper) { $0.segments.first.flatMap { $0.hasPrefix("{") ? nil : $0 } }
            var literals: [String: Node] = [:]
            var parameter: Node?
            for (name, entries) in groups {
                let node = Node(entries.map { ($0.segments.dropFirst(), $0.route) })
                if let name { literals[name] = node } else { parameter = node }
            }
            self.literals = literals
            self.parameter = parameter
        }
    }

    let routes: [Route]
    private let root: Node

    init(_ routes: [Route]) {
        self.routes = routes
        root = Node(routes.map { (Self.segments(of: $0.path)[...], $0) })
    }

    /// - Parameter path: still percent-encoded, so that an encoded slash does not make a segment.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var node = root
        var values: [String] = []
        for segment in Self.segments(of: path) {
            if let next = node.literals[segment] {
                node = next
            } else if let next = node.parameter, let value = PercentEncoding.decode(segment.utf8), Self.isPlain(value) {
                node = next
                values.append(value)
            } else {
                return .none
            }
        }
        if node.routes.isEmpty { return .none }
        let wanted = method == .head ? .get : method
        guard let route = node.routes.first(where: { $0.method == wanted }) else {
            let methods = node.routes.map(\.method.rawValue)
            return .otherMethod(allowed: (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted())
        }
        let names = Self.segments(of: route.path).filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        return .found(route, Dictionary(zip(names, values)) { first, _ in first })
    }

    /// No empty value, no way up, no separator, no control character.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value != "." && value != ".." && value.utf8.count <= 512
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
    }

    private static func segments(of path: String) -> [String] {
        path == "/" ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }
}
