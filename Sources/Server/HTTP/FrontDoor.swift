import Core
import Gate
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// Takes a request from the wire to its handler and back: id, host, origin, route, credentials, body, time limit, error
/// shape, metrics and log line. Decides nothing about actions: that is the gate's.
struct FrontDoor: Sendable {
    let table: RouteTable
    let hosts: @Sendable () -> HostRules
    let limits: HTTPLimits
    let authenticator: Authenticator
    let errorPage: @Sendable (GatehouseError, Call) -> Response
    let metrics: Metrics
    let clock: any WallClock
    let logger: Logger

    /// - Parameter wire: over which the answer may begin before this returns; the response is then not sent any more.
    func respond(to request: Request, from peer: Peer, over wire: Wire? = nil) async -> Response {
        let begun = ContinuousClock.now
        metrics.inFlight.enter()
        defer { metrics.inFlight.leave() }
        let id = RequestID.take(request.headers[named: "X-Request-Id"], at: clock.now())
        var logger = logger
        logger[metadataKey: "request_id"] = .string(id)
        var call = Call(
            id: id, method: request.method, path: Self.path(of: request), headers: request.headers, query: FormValues(),
            body: [], peer: peer, limits: limits, logger: logger, wire: wire)
        var routePath = "none"
        var response: Response
        do {
            let route: Route
            (route, call.parameters, call.rest) = try find(call, host: request.head.authority)
            routePath = route.path
            response = try await answer(request, call, by: route)
        } catch {
            response = failure(error, of: call)
        }
        finish(&response, of: call)
        record(response, of: call, route: routePath, took: ContinuousClock.now - begun)
        return response
    }

    private func find(_ call: Call, host: String?) throws -> (Route, [String: String], [String]) {
        let isProbe = ["/healthz", "/readyz", "/health"].contains(call.path)
        guard isProbe || call.peer.isLocalUser || hosts().allows(host: host) else {
            throw GatehouseError(
                "http", .invalid, "this server does not answer to that host name", hint: "add it to server.host_names")
        }
        if call.method != .get, call.method != .head, !hosts().allowsOrigin(of: call.headers, host: host) {
            throw GatehouseError("http", .denied, "requests from other sites are refused")
        }
        switch table.match(call.method, call.path) {
        case .found(let route, let parameters, let rest): return (route, parameters, rest)
        case .otherMethod(let allowed): throw MethodNotAllowed(allowed: allowed)
        case .none:
            throw GatehouseError(
                "http", .notFound, "there is nothing at this path", hint: "see /api/v1/openapi.json for what there is")
        }
    }

    private func answer(_ request: Request, _ call: Call, by route: Route) async throws -> Response {
        var call = try await authenticator.identified(call, for: route)
        let whole = try await Self.read(request, upTo: limits.bodyBytes(of: call.path))
        let target = request.head.path ?? "/"
        call = try call.with(body: whole, queryOf: target)
        if route.unhurried { return try await route.handler(call) }
        let ready = call
        return try await TimeLimit.run(limits.requestTime) { try await route.handler(ready) }
    }

    private static func read(_ request: Request, upTo limit: Int) async throws -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw GatehouseError("http", .tooLarge, "the body is larger than \(limit) bytes")
        } catch {
            throw GatehouseError("http", .invalid, "the request broke off before its end")
        }
    }

    private static func path(of request: Request) -> String {
        String((request.head.path ?? "/").prefix { $0 != "?" && $0 != "#" })
    }

    private func failure(_ error: any Error, of call: Call) -> Response {
        if let surface = ModelSurface.of(call), !(error is MethodNotAllowed) {
            return ModelSurface.response(to: error, on: surface)
        }
        if OPAError.speaks(to: call), !(error is MethodNotAllowed) { return OPAError.response(to: error, call) }
        if let wrong = error as? MethodNotAllowed {
            var response = wrong.error.response(requestID: call.id)
            response.status = .methodNotAllowed
            response.headers[.allow] = wrong.allowed.joined(separator: ", ")
            return response
        }
        let shown = GatehouseError.shown(error)
        if shown.code == .internal || shown.code == .corrupt {
            call.logger.error("request failed", metadata: ["path": .string(call.path), "error": "\(error)"])
        }
        var response = call.isForPeople ? errorPage(shown, call) : shown.response(requestID: call.id)
        if shown.code == .unauthenticated, let challenge = authenticator.resource.challenge(to: call) {
            response.headers[.wwwAuthenticate] = challenge
        }
        return response
    }

    private func finish(_ response: inout Response, of call: Call) {
        Self.dress(&response.headers, requestID: call.id)
        if call.method == .head { response = response.createHeadResponse() }
    }

    /// What every answer has in its head.
    static func dress(_ headers: inout HTTPFields, requestID: String) {
        for field in SecurityHeaders.everywhere where headers[field.name] == nil { headers.append(field) }
        headers[named: "X-Request-Id"] = requestID
    }

    private func record(_ response: Response, of call: Call, route: String, took: Duration) {
        let status = response.status.code
        metrics.requests.add(1, [Self.known(call.method), route, String(status)])
        metrics.durations.observe(Double(took.microseconds) / 1e6, [route])
        call.logger.info(
            "request",
            metadata: [
                "method": .string(Self.known(call.method)), "route": .string(route), "status": "\(status)",
                "microseconds": "\(took.microseconds)",
            ])
    }

    /// A method from outside is no label value of ours.
    private static func known(_ method: HTTPRequest.Method) -> String {
        [.get, .head, .post, .put, .patch, .delete, .options].contains(method) ? method.rawValue : "other"
    }
}

private struct MethodNotAllowed: Error {
    let allowed: [String]
    var error: GatehouseError {
        GatehouseError(
            "http", .invalid, "this path does not take that method", hint: "allowed: \(allowed.joined(separator: ", "))"
        )
    }
}

extension Call {
    /// Whether a person's browser waits for a page.
    var isForPeople: Bool { !path.hasPrefix("/api/") && accepts.contains("text/html") }

    fileprivate func with(body: [UInt8], queryOf target: String) throws -> Call {
        let text = target.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
        guard let query = FormValues(parsing: text) else {
            throw GatehouseError("http", .invalid, "the query cannot be read: an escape is broken or not UTF-8")
        }
        return Call(
            id: id, method: method, path: path, headers: headers, query: query, body: body, peer: peer, limits: limits,
            logger: logger, parameters: parameters, rest: rest, identity: identity, wire: wire)
    }
}
