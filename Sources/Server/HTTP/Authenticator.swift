import Core
import Gate
import HTTPTypes
import Logging

/// Finds out who asks: from a key or token in the header, from the kernel for the unix socket, or from the console's
/// cookie.
struct Authenticator: Sendable {
    let identify: @Sendable (Credential) async throws -> Principal
    let csrf: CSRF
    /// Where some tokens count, and no others do.
    let resource: MCPResource
    let metrics: Metrics

    /// - Throws: `unauthenticated` where the route needs somebody and nobody is known; `denied` for a cookie without
    ///   its token, and for a token that is for another place.
    func identified(_ call: Call, for route: Route) async throws -> Call {
        guard case .open = route.access else { return try await demand(call, for: route) }
        return call
    }

    private func demand(_ call: Call, for route: Route) async throws -> Call {
        guard let (credential, means) = try Self.credential(of: call) else { throw Call.unauthenticated }
        var call = call
        do {
            let principal = try await identify(credential)
            call.identity = CallIdentity(principal: principal, means: means)
            call.logger[metadataKey: "principal"] = .string(principal.id)
        } catch {
            metrics.authFailures.add()
            throw error
        }
        try resource.check(call)
        if case .console(let cookie) = credential {
            call.identity?.cookie = cookie
            try guardCookie(call, cookie, route)
        }
        return call
    }

    /// A cookie is sent unasked: on the API whatever changes something needs the token in a header too. The console's
    /// forms
    /// carry it in their body and check it there.
    private func guardCookie(_ call: Call, _ cookie: Secret, _ route: Route) throws {
        guard case .principal = route.access, call.method != .get, call.method != .head else { return }
        guard let token = call.headers[named: "X-CSRF-Token"], csrf.isValid(token, for: cookie) else {
            throw GatehouseError(
                "http", .denied, "a console sign-in needs the X-CSRF-Token header here", hint: "use an API key")
        }
    }

    /// One credential a call; the header's counts first, the kernel's word last.
    private static func credential(of call: Call) throws -> (Credential, CallIdentity.Means)? {
        if let header = call.headers[.authorization] {
            guard header.lowercased().hasPrefix("bearer "), !header.dropFirst(7).isEmpty else {
                throw GatehouseError("http", .unauthenticated, "Authorization must be 'Bearer KEY'")
            }
            let secret = header.dropFirst(7).filter { $0 != " " }
            return secret.hasPrefix("gh_") ? (.apiKey(Secret(secret)), .key) : (.token(Secret(secret)), .token)
        }
        if let key = call.headers[named: "X-API-Key"] { return (.apiKey(Secret(key)), .key) }
        if let cookie = Cookies.value(of: Cookies.console, in: call.headers) {
            return (.console(Secret(cookie)), .cookie)
        }
        if case .localUser(let uid, let name) = call.peer { return (.localUser(uid: uid, name: name), .localUser) }
        return nil
    }
}
