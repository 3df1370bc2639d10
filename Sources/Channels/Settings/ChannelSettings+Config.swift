import Config
import Core
import Integrations

extension ChannelSettings {
    /// - Throws: `invalid`, with the place.
    init(_ name: String, _ node: ConfigNode) throws {
        let kind: ChannelKind = try node.choice("kind")
        try Self.checkKeys(node, kind)
        let secretKey = kind.secretKey
        self.init(name: name, kind: kind, users: try Self.users(node, kind), secret: try node.secret(secretKey))
        if kind == .teams, Base64.decode(secret.expose())?.isEmpty ?? true {
            throw (node[secretKey] ?? node).error(
                "the security token is no base64", hint: "take it as Teams shows it when the webhook is made")
        }
        try readSlack(node)
        if kind == .twilio { phone = try PhoneSettings(node, users: users) }
        try readAddress(node)
        approvals = try node.bool("approvals")
        if let from = try node["tell"]?.optionalString("from") { tellsFrom = Severity(rawValue: from) ?? .medium }
        wake = try Self.wake(node, kind)
        guard canTell || !approvals else {
            throw (node["approvals"] ?? node).error(
                "there is no place that approvals could be told",
                hint: "set \(kind == .slack ? "channel" : "an address")")
        }
    }

    private static func checkKeys(_ node: ConfigNode, _ kind: ChannelKind) throws {
        let (required, optional) = kind.keys
        for key in required where node[key] == nil {
            throw node.error("a channel of kind \(kind.rawValue) needs the key \(key)")
        }
        let known = Set(ChannelKind.common + required + optional)
        for (key, value) in node.members where !known.contains(key) && !value.isDefault {
            throw value.error(
                "a channel of kind \(kind.rawValue) does not take the key \(key)",
                hint: "it takes \(known.sorted().joined(separator: ", "))")
        }
    }

    private static func users(_ node: ConfigNode, _ kind: ChannelKind) throws -> [String: String] {
        var users: [String: String] = [:]
        for (id, value) in node.map("users") {
            guard let principal = value.string, !principal.isEmpty else {
                throw value.error("this is no principal", hint: "write CHANNEL-ID: PRINCIPAL")
            }
            // Teams writes the same id in either case.
            users[kind == .teams ? id.lowercased() : id] = principal
        }
        return users
    }

    private mutating func readSlack(_ node: ConfigNode) throws {
        guard kind == .slack else { return }
        let token = try node.secret("token")
        guard token.expose().utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw (node["token"] ?? node).error("the token has spaces or control characters in it")
        }
        self.token = token
        guard let room = try node.optionalString("channel") else { return }
        guard SlackChannel.isID(room)
        else {
            throw (node["channel"] ?? node).error(
                "this is no id of a channel", hint: "Slack shows it in the channel's details, such as C0123456789")
        }
        self.room = room
    }

    private mutating func readAddress(_ node: ConfigNode) throws {
        let key = kind.addressKey
        let given = kind == .teams ? try node.optionalSecret(key) : try node.optionalString(key).map { Secret($0) }
        guard let url = given ?? kind.api.map({ Secret($0) }) else { return }
        let place = node[key] ?? node
        guard let address = OutsideAddress(url.expose()) else {
            throw place.error("this is no http or https address", hint: "write for example https://example.org/path")
        }
        self.url = kind.api != nil && url.expose().hasSuffix("/") ? Secret(String(url.expose().dropLast())) : url
        guard try !node.bool("private") else { return }
        guard address.isTLS else {
            throw place.error("what is sent there could be read on the way", hint: "use https, or set private: true")
        }
        let isInside =
            address.host == "localhost"
            || AddressRanges.isAddress(address.host) && AddressRanges.isInside(address.host)
        guard !isInside else {
            throw place.error("this is a private address", hint: "set private: true where it is yours")
        }
        checkedHost = address.host
    }

    private static func wake(_ node: ConfigNode, _ kind: ChannelKind) throws -> [Severity: String] {
        var wake: [Severity: String] = [:]
        for (key, value) in node.map("wake") {
            guard let severity = Severity(rawValue: key) else {
                throw value.error(
                    "\(key) is no severity",
                    hint: "take \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            guard let text = value.string, let mention = mention(text, kind) else {
                throw value.error(
                    "nobody can be called by this",
                    hint: "write \"<@U0123456789>\", \"<!subteam^S0123>\", @channel or @here")
            }
            wake[severity] = mention
        }
        return wake
    }

    /// In Slack's own spelling: a mention and nothing else. Other channels say it as a word.
    private static func mention(_ text: String, _ kind: ChannelKind) -> String? {
        guard kind == .slack else {
            return (1...100).contains(text.utf8.count) && PlainText.line(text) == text ? text : nil
        }
        if text == "@channel" || text == "@here" { return "<!\(text.dropFirst())>" }
        let inner = text.dropFirst(2).dropLast()
        let isPlain = inner.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "^")
        }
        let isMention = text.hasPrefix("<@") || text.hasPrefix("<!")
        return isMention && text.hasSuffix(">") && (1...64).contains(inner.utf8.count) && isPlain ? text : nil
    }
}
