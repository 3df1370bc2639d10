import Core
import Gate
import HTTPTypes
import HummingbirdCore
import JSON

/// Puts a page's content into the frame that all pages share.
struct Page: Sendable {
    let templates: Templates
    let rooms: Rooms
    let csrf: CSRF

    private static let places = [
        (path: "/", name: "Overview", icon: "overview"), (path: "/chat", name: "Chat", icon: "chat"),
        (path: "/approvals", name: "Approvals", icon: "approvals"),
        (path: "/ledger", name: "Ledger", icon: "ledger"), (path: "/sessions", name: "Sessions", icon: "sessions"),
        (path: "/findings", name: "Findings", icon: "findings"),
        (path: "/workflows", name: "Workflows", icon: "workflows"), (path: "/models", name: "Models", icon: "models"),
        (path: "/tools", name: "Tools", icon: "tools"),
    ]

    /// - Parameters:
    ///   - place: the path of the entry of the menu that the page belongs to.
    ///   - waiting: how many approvals wait.
    func response(
        _ template: String, title: String, place: String, call: Call, waiting: Int, values: Shown.Values,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        values["csrf"] = token(call)
        let content = try templates.render(template, values)
        let principal = try call.principal()
        var frame: Shown.Values = [
            "title": title, "assets": templates.assetVersion, "content": content, "csrf": token(call),
            "who": ["name": principal.name, "roles": principal.roles.sorted().joined(separator: ", ")],
            "places": Self.places.map { one -> Shown.Values in
                var entry: Shown.Values = [
                    "path": one.path, "name": one.name, "icon": one.icon, "current": one.path == place,
                ]
                if one.path == "/approvals", waiting > 0 { entry["count"] = waiting }
                return entry
            },
        ]
        if let notice = Notice(rawValue: call.query["notice"] ?? "") { frame["notice"] = notice.values }
        return .html(try templates.render("layout", frame), status: status)
    }

    /// A page without the frame, for who is not signed in or where something failed.
    func plain(
        _ title: String, text: String? = nil, code: String? = nil, small: String? = nil, token: String? = nil,
        back: String? = nil, link: (text: String, address: String)? = nil,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values: Shown.Values = ["title": title, "assets": templates.assetVersion]
        if let text { values["text"] = text }
        if let code { values["code"] = code }
        if let small { values["small"] = small }
        if let token { values["token"] = token }
        if let back { values["back"] = back }
        if let link { values["link"] = ["text": link.text, "address": link.address] }
        return .html(try templates.render("plain", values), status: status)
    }

    func token(_ call: Call) -> String { call.identity?.cookie.map(csrf.token(for:)) ?? "" }

    /// The form of a page of ours, or none.
    /// - Throws: `denied` without the token that belongs to the sign-in.
    func form(_ call: Call) throws -> FormValues {
        let form = try call.form()
        guard let cookie = call.identity?.cookie, let token = form["csrf"], csrf.isValid(token, for: cookie) else {
            throw GatehouseError(
                "console", .denied, "the form does not belong to this sign-in", hint: "load the page again and repeat")
        }
        return form
    }

    /// What a page says after a form: one of these, so that no text of an address ever shows.
    enum Notice: String {
        case approved, recorded, denied, ended, closed, undone, waiting, agreed, triaged

        var values: Shown.Values {
            switch self {
            case .approved: ["kind": "good", "text": "Approved, and performed."]
            case .recorded: ["kind": "good", "text": "Your approval is recorded. More are needed."]
            case .denied: ["kind": "", "text": "Denied. The action will not happen."]
            case .ended: ["kind": "", "text": "The session has ended."]
            case .closed: ["kind": "good", "text": "The review is closed."]
            case .undone: ["kind": "good", "text": "Undone."]
            case .waiting: ["kind": "", "text": "The undo waits for approval."]
            case .triaged: ["kind": "good", "text": "Recorded. It holds through later assessments."]
            case .agreed: ["kind": "good", "text": "Agreed: the tools can be called as they are now."]
            }
        }
    }
}
