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
    /// `/api/v1/actions/{id}`: a segment in braces stands for any one segment; a last one with dots, `{path...}`, for any
    /// number of them.
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
        /// With what the segments in braces stood for, and the segments for which the last one stood.
        case found(Route, [String: String], rest: [String])
        /// The path exists; these methods do.
        case otherMethod(allowed: [String])
        case none
    }

    private final class Node: Sendable {
        let literals: [String: Node]
        let parameter: Node?
        let routes: [Route]
        /// Those that take whatever follows.
        let open: [Route]

        init(_ entries: [(segments: ArraySlice<String>, route: Route)]) {
            routes = entries.filter(\.segments.isEmpty).map(\.route)
            open = entries.filter { $0.segments.first?.hasSuffix("...}") == true }.map(\.route)
            let deeper = entries.filter { $0.segments.first.map { !$0.hasSuffix("...}") } ?? false }
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
        let segments = Self.segments(of: path)
        var node = root
        var values: [String] = []
        var open: (node: Node, values: [String], at: Int)?
        for (at, segment) in segments.enumerated() {
            if !node.open.isEmpty { open = (node, values, at) }
            if let next = node.literals[segment] {
                node = next
            } else if let next = node.parameter, let value = PercentEncoding.decode(segment.utf8), Self.isPlain(value) {
                node = next
                values.append(value)
            } else {
                return open.map { rest(method, $0.node, $0.values, segments[$0.at...]) } ?? .none
            }
        }
        if !node.routes.isEmpty { return choose(method, node.routes, values, rest: []) }
        return open.map { rest(method, $0.node, $0.values, segments[$0.at...]) } ?? .none
    }

    /// A slash at the end does not count.
    private func rest(
        _ method: HTTPRequest.Method, _ node: Node, _ values: [String], _ segments: ArraySlice<String>
    ) -> Match {
        var rest: [String] = []
        for segment in segments.last?.isEmpty == true ? segments.dropLast() : segments {
            guard let step = PercentEncoding.decode(segment.utf8), !step.isEmpty, step.utf8.count <= 512 else {
                return .none
            }
            rest.append(step)
        }
        return choose(method, node.open, values, rest: rest)
    }

    private func choose(
        _ method: HTTPRequest.Method, _ routes: [Route], _ values: [String], rest: [String]
    ) -> Match {
        let wanted = method == .head ? .get : method
        guard let route = routes.first(where: { $0.method == wanted }) else {
            let methods = routes.map(\.method.rawValue)
            return .otherMethod(allowed: (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted())
        }
        let names = Self.segments(of: route.path).filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        return .found(route, Dictionary(zip(names, values)) { first, _ in first }, rest: rest)
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
