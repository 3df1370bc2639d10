import Scan

/// Routes of servers.
extension CodeReader {
    private static let verbs: [String: String] = [
        "get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE", "patch": "PATCH", "head": "HEAD",
        "options": "OPTIONS", "all": "ANY", "any": "ANY", "Any": "ANY", "GET": "GET", "POST": "POST", "PUT": "PUT",
        "DELETE": "DELETE", "PATCH": "PATCH", "Get": "GET", "Post": "POST", "Put": "PUT", "Delete": "DELETE",
        "Patch": "PATCH", "route": "ANY", "api_route": "ANY", "websocket": "GET", "add_get": "GET", "add_post": "POST",
        "add_put": "PUT", "add_delete": "DELETE", "HandleFunc": "ANY", "Handle": "ANY", "del": "DELETE", "on": "ANY",
    ]

    /// The server that a value stands for; nil for none.
    private func framework(_ base: CodeExpression) -> String? {
        guard let full = names.full(base) else { return nil }
        if let known = CodeTables.servers[full] { return isSwift(full) ? swiftFramework : known }
        // A part of one: `app.router`, `r.Group("/x")`, `app.grouped("api")`.
        let parts = full.split(separator: ".").map(String.init)
        for count in (1..<max(1, parts.count)).reversed() {
            if let known = CodeTables.servers[parts.prefix(count).joined(separator: ".")] { return known }
        }
        let name = CodeNames.spelled(base)?.split(separator: ".").last.map(String.init) ?? ""
        let plain = name.lowercased()
        guard
            ["app", "router", "server", "api", "bp", "blueprint", "routes", "r", "e", "mux", "group"].contains(plain)
                || plain.hasSuffix("router") || plain.hasSuffix("_bp") || plain.hasSuffix("routes")
                || plain.hasSuffix("blueprint")
        else { return nil }
        if code.language == .swift { return swiftFramework }
        return CodeTables.frameworks.filter { imports($0.key) }.values.sorted().first
    }

    private func isSwift(_ name: String) -> Bool { code.language == .swift && !name.contains("/") }

    private var swiftFramework: String? { imports("Vapor") ? "vapor" : imports("Hummingbird") ? "hummingbird" : nil }

    // MARK: - Python's decorators

    mutating func readDecorated(
        _ callee: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>, _ function: CodeFunction
    ) {
        guard case .member(let base, let verb, _) = callee, let method = Self.verbs[verb],
            let path = Self.path(arguments), let framework = framework(base)
        else { return }
        var methods = [method]
        if let named = arguments.first(where: { $0.label == "methods" })?.value {
            methods = Self.texts(named)
        } else if verb == "route", ["flask", "quart"].contains(framework) {
            methods = ["GET"]
        }
        let guarding =
            function.decorators.lazy.compactMap(CodeNames.spelled).first(where: Words.isGuard)
            ?? function.parameters.lazy.compactMap(Self.dependency).first
            ?? arguments.filter { $0.label == "dependencies" }.lazy.compactMap { Self.dependency($0.value) }.first
        add(methods, path, framework, guarding, nil, range)
    }

    /// FastAPI: `user: User = Depends(get_current_user)`, `user: Annotated[User, Security(…)]`.
    private static func dependency(_ parameter: CodeParameter) -> String? {
        for text in [parameter.preset, parameter.type] where text.contains("Depends(") || text.contains("Security(") {
            if Words.isGuard(text) || text.contains("Security(") {
                return String(text.split { "(),[]".contains($0) }.last ?? "Depends")
            }
        }
        return nil
    }

    private static func dependency(_ value: CodeExpression) -> String? {
        switch value {
        case .list(let items, _): return items.lazy.compactMap { dependency($0.value) }.first
        case .call(_, let arguments, _):
            return arguments.lazy.compactMap { CodeNames.spelled($0.value) }.first(where: Words.isGuard)
        default: return nil
        }
    }

    // MARK: - Calls

    mutating func readRoute(_ callee: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>) {
        if code.language == .python { return readPythonRoute(callee, arguments, range) }
        guard case .member(let base, let verb, _) = callee else { return }
        if ["use", "Use", "add", "grouped", "Group"].contains(verb) { return readGuard(base, arguments, range) }
        guard let method = Self.verbs[verb], let framework = framework(base) else { return }
        if code.language == .swift { return readSwift(method, framework, arguments, range) }
        guard arguments.count >= 2, var path = Self.path(arguments) else { return }
        var methods = [method]
        // Go 1.22: `"GET /users"`.
        let words = path.split(separator: " ")
        if words.count == 2, let verb = Self.verbs[String(words[0])] {
            methods = [verb]
            path = String(words[1])
        }
        guard path.hasPrefix("/") else { return }
        let between = arguments.dropFirst().dropLast()
        let last = arguments.last.flatMap { Self.wrapping($0.value) }
        let guarding = (between.compactMap { CodeNames.spelled($0.value) } + [last].compactMap(\.self)).first(
            where: Words.isGuard)
        add(methods, path, framework, guarding, arguments.last.flatMap { CodeNames.spelled($0.value) }, range)
    }

    /// `requireLogin(handler)`
    private static func wrapping(_ value: CodeExpression) -> String? {
        guard case .call(let callee, let arguments, _) = value, !arguments.isEmpty else { return nil }
        return CodeNames.spelled(callee)
    }

    private mutating func readSwift(
        _ method: String, _ framework: String, _ arguments: [CodeArgument], _ range: Range<Int>
    ) {
        let hasHandler = arguments.contains {
            if case .function = $0.value { return true }
            return $0.label == "use"
        }
        guard hasHandler else { return }
        let parts = arguments.prefix { $0.label == nil }.compactMap { argument -> String? in
            if case .literal(let text, _) = argument.value { return text }
            return nil
        }
        let joined = parts.joined(separator: "/")
        add([method], joined.hasPrefix("/") ? joined : "/" + joined, framework, nil, nil, range)
    }

    /// What stands before all routes of a server.
    private mutating func readGuard(_ base: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>) {
        guard framework(base) != nil else { return }
        let named = arguments.compactMap { CodeNames.spelled($0.value) }
        if let guarding = named.first(where: Words.isGuard), facts.wholeGuard == nil {
            facts.wholeGuard = CodeFacts.Named(name: guarding, line: line(range))
        }
    }

    private mutating func readPythonRoute(_ callee: CodeExpression, _ arguments: [CodeArgument], _ range: Range<Int>) {
        guard let full = names.full(callee) else { return }
        if full == "fastapi.APIRouter" || full == "fastapi.FastAPI",
            let guarding = arguments.filter({ $0.label == "dependencies" }).lazy.compactMap({
                Self.dependency($0.value)
            })
            .first, facts.wholeGuard == nil
        {
            facts.wholeGuard = CodeFacts.Named(name: guarding, line: line(range))
        }
        let last = full.split(separator: ".").last.map(String.init) ?? full
        guard arguments.count >= 2, let text = Self.text(arguments[0].value) else { return }
        switch full {
        case "django.urls.path", "django.urls.re_path", "django.conf.urls.url":
            let view = arguments[1].value
            if let spelled = CodeNames.spelled(view), spelled.hasSuffix("include") { return }
            let guarding = Self.wrapping(view).flatMap { Words.isGuard($0) ? $0 : nil }
            add(["ANY"], "/" + text, "django", guarding, Self.handler(view), range)
        default:
            guard text.hasPrefix("/"), case .member(let base, _, _) = callee else { return }
            let isServer =
                last == "add_url_rule" || full.hasPrefix("aiohttp.web.") && Self.verbs[last] != nil
                || (last.hasPrefix("add_") || last == "add_resource") && framework(base) != nil
            guard isServer else { return }
            let handler = arguments.dropFirst().compactMap { Self.handler($0.value) }.last
            add([Self.verbs[last] ?? "ANY"], text, framework(base) ?? "aiohttp", nil, handler, range)
        }
    }

    /// The view of `views.UserList.as_view()`, of `login_required(views.edit)`, of `views.edit`.
    private static func handler(_ value: CodeExpression) -> String? {
        if case .call(let callee, let arguments, _) = value {
            if case .member(let base, "as_view", _) = callee { return handler(base) }
            return arguments.first.flatMap { handler($0.value) }
        }
        return CodeNames.spelled(value)?.split(separator: ".").last.map(String.init)
    }

    /// Tornado and its kin: `(r"/api/users", UserHandler)`.
    mutating func readPairs(_ items: [CodeArgument]) {
        guard code.language == .python, items.count >= 2, items.count <= 4, let path = Self.text(items[0].value),
            path.hasPrefix("/"), let handler = Self.handler(items[1].value), handler.hasSuffix("Handler")
        else { return }
        add(["ANY"], path, "tornado", nil, handler, items[0].value.range)
    }

    // MARK: - Parts

    private mutating func add(
        _ methods: [String], _ path: String, _ framework: String, _ guarding: String?, _ handler: String?,
        _ range: Range<Int>
    ) {
        guard facts.routes.count < CodeFacts.most else { return }
        let methods = Set(methods.map { $0.uppercased() }).sorted()
        facts.routes.append(
            CodeFacts.Route(
                methods: methods.isEmpty ? ["ANY"] : methods, path: Name.shown(path), framework: framework,
                guardName: guarding, handler: handler, line: line(range)))
    }

    static func text(_ value: CodeExpression) -> String? {
        if case .literal(let text, _) = value { return text }
        guard case .text(let parts, _) = value else { return nil }
        let words = parts.map { part -> String in
            if case .literal(let text, _) = part { return text }
            return "{…}"
        }
        return words.joined()
    }

    private static func path(_ arguments: [CodeArgument]) -> String? {
        let named = arguments.first { ["path", "rule", "uri"].contains($0.label) }
        return (named ?? arguments.first { $0.label == nil }).flatMap { text($0.value) }
    }

    private static func texts(_ value: CodeExpression) -> [String] {
        guard case .list(let items, _) = value else { return text(value).map { [$0] } ?? [] }
        return items.compactMap { text($0.value) }
    }
}
