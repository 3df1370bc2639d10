public import Config
import Core

extension GateSettings {
    /// Reads the gate's sections of a checked configuration.
    /// - Parameter root: of a file that was read with ``schema`` among its sections.
    /// - Throws: `invalid`, with the place; `denied`, with the reason, for a setting that would turn approval or
    ///   recording off.
    public init(_ root: ConfigNode) throws {
        try Self.refuseSwitches(root)
        var classes: [String: SessionClass] = [:]
        for (name, node) in root.map("sessions") { classes[name] = try Self.sessionClass(name, node) }
        let floor = try root.object("session_floor")
        try Self.refuseSwitches(floor)
        self.init(
            sessionClasses: classes,
            floor: SessionFloor(
                retention: try floor.duration("retention"), logging: try Self.logging(floor),
                approval: try Self.approval(floor)),
            systemRetention: try root.optionalDuration("system_retention"),
            sessionLength: try Self.duration(root, "session_length", within: .seconds(60) ... .seconds(30 * 86_400)),
            budgets: try Self.budgets(root.list("budgets")), issuers: try Self.issuers(root.list("issuers")),
            localUsers: try Self.localUsers(root.map("local_users")),
            console: try Self.consoleTimes(try root.object("sign_in")),
            policy: try PolicySettings(try root.object("policy")))
    }

    // MARK: Sessions

    private static func sessionClass(_ name: String, _ node: ConfigNode) throws -> SessionClass {
        try refuseSwitches(node)
        return SessionClass(
            name: name, retention: try node.duration("retention"), logging: try logging(node),
            approval: try approval(node), bodies: try node.bool("bodies"))
    }

    private static func logging(_ node: ConfigNode) throws -> SessionClass.Logging {
        let text = try node.string("logging")
        if let logging = SessionClass.Logging(rawValue: text) { return logging }
        throw refusal(node, "logging", text)
            ?? error(node, "logging", "\"\(text.prefix(60))\" is neither required nor optional")
    }

    private static func approval(_ node: ConfigNode) throws -> SessionClass.Approval {
        let text = try node.string("approval")
        if let refusal = refusal(node, "approval", text) { throw refusal }
        guard Identity.isRole(text) else {
            throw error(node, "approval", "\"\(text.prefix(60))\" is not none, auto or a role")
        }
        return SessionClass.Approval(text: text)
    }

    private static func consoleTimes(_ node: ConfigNode) throws -> ConsoleTimes {
        let bounds = Duration.seconds(60) ... .seconds(30 * 86_400)
        return ConsoleTimes(
            idle: try duration(node, "idle", within: bounds), absolute: try duration(node, "absolute", within: bounds))
    }

    // MARK: Budgets

    private static func budgets(_ nodes: [ConfigNode]) throws -> [BudgetRule] {
        var known = Set<String>()
        return try nodes.map { node in
            let rule = try budget(node)
            guard known.insert(rule.id).inserted else {
                throw node.error(
                    "there is a budget \"\(rule.id)\" already", hint: "keep the one with the limit that is meant")
            }
            return rule
        }
    }

    private static func budget(_ node: ConfigNode) throws -> BudgetRule {
        let meter: Meter = try node.choice("meter")
        let share: BudgetRule.Share =
            switch try node.optionalString("each") {
            case "principal": .eachPrincipal
            case "session": .eachSession
            default: .together
            }
        return BudgetRule(
            subject: try subject(try node.object("for")), meter: meter, limit: try limit(node, meter),
            window: try node.choice("window"), share: share)
    }

    private static func subject(_ node: ConfigNode) throws -> BudgetRule.Subject {
        if node.string != nil { return .everyone }
        let named = (
            try node.optionalString("principal"), try node.optionalString("role"), try node.optionalString("session")
        )
        switch named {
        case (let id?, nil, nil): return .principal(id)
        case (nil, let role?, nil): return .role(role)
        case (nil, nil, let name?): return .sessionClass(name)
        default: throw node.error("exactly one of principal, role and session is expected here")
        }
    }

    private static func limit(_ node: ConfigNode, _ meter: Meter) throws -> Int64 {
        if meter == .money {
            guard let money = node["limit"]?.money, money.currency == "USD" else {
                throw error(node, "limit", "an amount in US dollars is expected here", hint: "write for example 25 USD")
            }
            return money.micros
        }
        guard let number = node["limit"]?.int else { throw error(node, "limit", "a whole number is expected here") }
        return Int64(number)
    }

    // MARK: Who calls

    private static func issuers(_ nodes: [ConfigNode]) throws -> [TokenIssuer] {
        var known = Set<String>()
        return try nodes.map { node in
            let issuer = try issuer(node)
            guard known.insert(issuer.issuer).inserted else {
                throw node.error("the issuer \"\(issuer.issuer)\" is there already")
            }
            return issuer
        }
    }

    private static func issuer(_ node: ConfigNode) throws -> TokenIssuer {
        let name = try node.string("issuer")
        guard (1...512).contains(name.utf8.count), !name.utf8.contains(UInt8(ascii: "#")) else {
            throw error(node, "issuer", "an issuer has 1 to 512 bytes and no \"#\"")
        }
        let audience = try node.string("audience")
        guard !audience.isEmpty else { throw error(node, "audience", "the audience is empty") }
        let algorithms = try node.strings("algorithms").compactMap { TokenIssuer.Algorithm(rawValue: $0) }
        guard !algorithms.isEmpty else { throw error(node, "algorithms", "no algorithm is allowed, and so no token") }
        var roles: [String: Set<String>] = [:]
        for (value, list) in node.map("roles") { roles[value] = try Self.roles(list) }
        return TokenIssuer(
            issuer: name, audience: audience, keys: try keys(node), algorithms: Set(algorithms),
            kind: try node.choice("kind"),
            rolesClaim: try node.string("roles_claim").split(separator: ".").map(String.init), roles: roles,
            defaultRoles: try node["default_roles"].map(Self.roles) ?? [])
    }

    private static func keys(_ node: ConfigNode) throws -> TokenIssuer.Keys {
        switch (try node.optionalString("jwks_url"), try node.optionalString("jwks")) {
        case (let url?, nil):
            guard url.hasPrefix("https://") || loopback.contains(where: url.hasPrefix) else {
                throw error(node, "jwks_url", "keys that come unprotected could be anybody's", hint: "use https")
            }
            return .url(url)
        case (nil, let text?): return .inline(text)
        default: throw node.error("exactly one of jwks_url and jwks is expected here")
        }
    }

    private static let loopback = ["127.0.0.1", "[::1]", "localhost"].flatMap { ["http://\($0)/", "http://\($0):"] }

    private static func localUsers(_ members: [(key: String, node: ConfigNode)]) throws -> LocalUserRoles {
        var users = LocalUserRoles()
        for (key, node) in members {
            if key == "*" { users.others = try roles(node) } else { users.listed[key] = try roles(node) }
        }
        return users
    }

    private static func roles(_ node: ConfigNode) throws -> Set<String> {
        let names = node.elements.compactMap(\.string)
        if let wrong = names.first(where: { !Identity.isRole($0) }) {
            throw node.error("\"\(wrong.prefix(60))\" is no role", hint: "roles are of a-z, 0-9, _ and -")
        }
        return Set(names)
    }

    // MARK: Checks

    private static func duration(_ node: ConfigNode, _ key: String, within bounds: ClosedRange<Duration>) throws
        -> Duration
    {
        let value = try node.duration(key)
        guard bounds.contains(value) else {
            throw error(node, key, "it lies outside \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    /// Refuses by name what would turn approval or recording off.
    private static func refuseSwitches(_ node: ConfigNode) throws {
        for (name, value) in node.members where !value.isDefault {
            if let refusal = refusal(node, name, value.string) { throw refusal }
        }
    }

    private static func refusal(_ node: ConfigNode, _ key: String, _ value: String?) -> GatehouseError? {
        guard var refusal = Guardrails.refusal(of: key, value: value) else { return nil }
        let place = node[key]?.place ?? node.place
        refusal.message = "\(place): \(refusal.message)"
        return refusal
    }

    private static func error(_ node: ConfigNode, _ key: String, _ message: String, hint: String? = nil)
        -> GatehouseError
    {
        (node[key] ?? node).error(message, hint: hint)
    }
}
