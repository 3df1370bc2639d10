import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON
import Web

/// Signing in by a link that works once, and out.
///
/// Opening the link shows a button and spends nothing, so that previews of it in chats and mail do not burn it; the
/// button posts
/// the token, which is then used up. The cookie it gives is never sent with a request that another site began.
struct SignInPages: Sendable {
    let page: Page
    let rooms: Rooms
    /// Whether people reach the console over TLS.
    let secure: @Sendable () -> Bool

    var routes: [Route] {
        [
            Route(.get, "/sign-in", access: .open) { call in
                guard let token = call.query["token"] else { return try howTo(call) }
                return try page.plain(
                    "Sign in", text: "This link signs you in to the console on this machine, once.",
                    small: "It ends after an hour of not being used.",
                    token: token)
            },
            Route(.post, "/sign-in", access: .open, handler: signIn),
            Route(.post, "/sign-out", access: .console) { call in
                _ = try page.form(call)
                if let cookie = call.identity?.cookie { await rooms.gate.signOut(cookie, from: call.peer.name) }
                var response = Response.seeOther("/sign-in")
                response.headers[.setCookie] = Cookies.clear(secure: secure())
                return response
            },
            Route(.post, "/api/v1/sign-in-links", access: .principal, operation: linkOperation, handler: link),
        ]
    }

    private func signIn(_ call: Call) async throws -> Response {
        let token = try call.form()["token"] ?? ""
        do {
            let cookie = try await rooms.gate.signIn(with: Secret(token), from: call.peer.name)
            rooms.metrics.signIns.add(1, ["done"])
            var response = Response.seeOther("/")
            response.headers[.setCookie] = Cookies.set(cookie, secure: secure())
            return response
        } catch let error as GatehouseError {
            rooms.metrics.signIns.add(1, ["refused"])
            return try page.plain(
                "This link does not work", text: error.message, code: "gatehouse console-link",
                small: "prints a new one.",
                status: error.code.status)
        }
    }

    func howTo(_ call: Call) throws -> Response {
        try page.plain(
            "Sign in", text: "The console is opened by a link that works once. On the machine that runs Gatehouse:",
            code: "gatehouse console-link", small: "The link is good for 10 minutes.")
    }

    /// For oneself: a user of this machine, or an administrator by key.
    private func link(_ call: Call) async throws -> Response {
        guard let identity = call.identity else { throw Call.unauthenticated }
        guard identity.means == .localUser || identity.principal.roles.contains("admin") else {
            throw GatehouseError(
                "http", .denied, "sign-in links are made on the machine that runs Gatehouse, or by an admin",
                hint: "run gatehouse console-link there")
        }
        let token = try await rooms.gate.signInLink(for: identity.principal.id, from: call.peer.name)
        let url = "\(rooms.consoleAddress())/sign-in?token=\(Percent.encode(token.expose()))"
        return .json(["url": .string(url), "expires_in": 600], status: .created)
    }

    private var linkOperation: Operation {
        Operation(
            "makeSignInLink", "console", "A link that signs the caller in to the console, once, within ten minutes.",
            answers: [201: .json(Schema.object(["url": Schema.string(), "expires_in": Schema.integer("seconds")]))])
    }
}
