import Config
import Core

extension Destination {
    /// - Throws: `invalid`, with the place.
    init(_ node: ConfigNode) throws {
        let name = try node.string("name")
        guard Self.isName(name) else {
            throw (node["name"] ?? node).error(
                "\"\(PlainText.line(String(name.prefix(60))))\" cannot be the name of a destination",
                hint: "take letters, digits, \".\", \"_\" and \"-\", 64 at most")
        }
        let kind: DestinationKind = try node.choice("kind")
        try Self.checkKeys(node, kind)
        let entry = DestinationEntry(node: node, kind: kind)
        let (integration, secrets) = try entry.integration()
        let isPrivate = try node.bool("private")
        let timeout = try node.duration("timeout")
        guard (.milliseconds(100) ... .seconds(120)).contains(timeout) else {
            throw (node["timeout"] ?? node).error("a request takes between 100ms and 2m")
        }
        self.init(
            name: name, kind: kind, integration: integration, shownAddress: try entry.shownAddress(),
            checkedHost: try entry.checkedHost(isPrivate), mailServer: (integration as? Email)?.server,
            timeout: timeout, clearance: Set(try node.strings("clearance").map { Label($0) }), secrets: secrets)
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "._-".utf8.contains(byte)
            }
    }

    private static func checkKeys(_ node: ConfigNode, _ kind: DestinationKind) throws {
        let (required, optional) = kind.keys
        for key in required where node[key] == nil {
            throw node.error("a destination of kind \(kind.rawValue) needs the key \(key)")
        }
        var known = Set(DestinationKind.common + required + optional)
        if kind.standardURL != nil { known.insert("url") }
        for (key, value) in node.members where !known.contains(key) && !value.isDefault {
            throw value.error(
                "a destination of kind \(kind.rawValue) does not take the key \(key)",
                hint: "it takes \(known.sorted().joined(separator: ", "))")
        }
    }
}

/// Reads what is particular to a kind.
private struct DestinationEntry {
    let node: ConfigNode
    let kind: DestinationKind

    func integration() throws -> (any Integration, [Secret]) {
        let token = try node.optionalSecret("token")
        var secrets = [token].compactMap(\.self)
        let integration: any Integration
        switch kind {
        case .pagerduty: integration = try pagerDuty(try required(token))
        case .opsgenie:
            integration = Opsgenie(
                url: try base(), key: try required(token), teams: try node.strings("teams"),
                tags: try node.strings("tags"))
        case .jira:
            let jira = try jira(try required(token))
            secrets.append(jira.credentials)
            integration = jira
        case .githubIssue:
            integration = GitHubIssue(forge: try gitHub(try required(token)), labels: try node.strings("labels"))
        case .githubPullRequest:
            integration = GitHubPullRequest(
                forge: try gitHub(try required(token)), base: try text("base") ?? "main",
                isDraft: try node.optionalBool("draft") ?? false)
        case .gitlabIssue:
            integration = GitLabIssue(forge: try gitLab(try required(token)), labels: try node.strings("labels"))
        case .gitlabMergeRequest:
            integration = GitLabMergeRequest(
                forge: try gitLab(try required(token)), base: try text("base") ?? "main",
                labels: try node.strings("labels"))
        case .splunk: integration = try splunk(try required(token))
        case .datadog:
            integration = Datadog(
                url: try base(), key: try required(token), service: try text("service") ?? "gatehouse",
                tags: try node.strings("tags"))
        case .slack:
            integration = Slack(url: try base(), token: try required(token), channel: try slackChannel())
        case .teams:
            let tail = try teamsTail()
            secrets.append(tail)
            integration = Teams(url: try base(), tail: tail)
        case .webhook:
            let webhook = try webhook()
            secrets += [webhook.signingKey].compactMap(\.self) + webhook.headers.values
            integration = webhook
        case .email:
            let email = try email(token)
            if let user = email.server.user, let token {
                secrets.append(Secret(Base64.encode(Array("\u{0}\(user)\u{0}\(token.expose())".utf8))))
                secrets.append(Secret(Base64.encode(Array(token.expose().utf8))))
            }
            integration = email
        }
        return (integration, secrets)
    }

    /// What lists show: the address without its path, which of a webhook may be a secret.
    func shownAddress() throws -> String {
        if let server = try node.optionalString("server") { return server }
        let url = try base()
        let scheme = url.lowercased().hasPrefix("https://") ? "https://" : "http://"
        return scheme + url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    /// The host that is looked up before something is sent there; nil for the operator's own.
    func checkedHost(_ isPrivate: Bool) throws -> String? {
        if isPrivate { return nil }
        let place = node[kind == .email ? "server" : "url"] ?? node
        let host: String
        if kind == .email {
            guard try node.optionalString("tls") != MailServer.Security.none.rawValue else {
                throw place.error("mail in the clear is for private networks only", hint: "set private: true")
            }
            host = try mailPlace().host
        } else {
            guard let address = OutsideAddress(try base()), address.isTLS else {
                throw place.error(
                    "what is sent there could be read on the way", hint: "use https, or set private: true")
            }
            host = address.host
        }
        let isInside = host == "localhost" || AddressRanges.isAddress(host) && AddressRanges.isInside(host)
        guard !isInside else {
            throw place.error("this is a private address", hint: "set private: true where it is yours")
        }
        return host
    }

    // MARK: The kinds

    private func pagerDuty(_ token: Secret) throws -> PagerDuty {
        PagerDuty(url: try base(), routingKey: token, source: try text("source") ?? "gatehouse")
    }

    private func jira(_ token: Secret) throws -> Jira {
        let project = try node.string("project")
        guard project.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F })
        else { throw (node["project"] ?? node).error("a project's key has letters, digits and _ only") }
        return Jira(
            url: try base(), user: try node.string("user"), token: token, project: project,
            issueType: try text("issue_type") ?? "Task", labels: try words("labels"),
            resolveTransition: try text("resolve_transition"), reopenTransition: try text("reopen_transition"))
    }

    private func gitHub(_ token: Secret) throws -> GitHub {
        let repository = try node.string("repository")
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part != ".." && part != "."
                    && part.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "._-".utf8.contains(byte)
                    }
            }
        guard isName else { throw (node["repository"] ?? node).error("a repository is owner/name") }
        return GitHub(url: try base(), token: token, repository: repository)
    }

    private func gitLab(_ token: Secret) throws -> GitLab {
        GitLab(url: try base(), token: token, project: try node.string("project"))
    }

    private func splunk(_ token: Secret) throws -> Splunk {
        Splunk(
            url: try base(), token: token, index: try text("index"), source: try text("source") ?? "gatehouse",
            sourceType: try text("source_type") ?? "gatehouse:notice")
    }

    private func slackChannel() throws -> String {
        let channel = try node.string("channel")
        guard SlackChannel.isID(channel) else {
            throw (node["channel"] ?? node).error(
                "this is no id of a channel", hint: "Slack shows it in the channel's details, such as C0123456789")
        }
        return channel
    }

    /// What follows the host: the whole address is as good as a password.
    private func teamsTail() throws -> Secret {
        let url = try node.secret("webhook_url").expose()
        return Secret(String(url.dropFirst(try base().utf8.count)))
    }

    private func webhook() throws -> Webhook {
        var headers: [String: Secret] = [:]
        for (name, value) in node.map("headers") {
            let isToken = name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            guard isToken else { throw value.error("this is no name of a header") }
            guard let secret = value.secret, secret.expose().utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw value.error("the value has control characters in it")
            }
            headers[name.lowercased()] = secret
        }
        return Webhook(
            url: try node.string("url"), signingKey: try node.optionalSecret("signing_key"), headers: headers)
    }

    private func email(_ token: Secret?) throws -> Email {
        let place = try mailPlace()
        var server = MailServer(host: place.host, port: place.port)
        if let tls = try text("tls") { server.security = MailServer.Security(rawValue: tls) ?? .starttls }
        (server.user, server.password) = (try text("user"), token)
        guard (server.user == nil) == (token == nil) else {
            throw node.error("a user has a token, which is the password, and a token a user")
        }
        guard server.user == nil || server.security != .none else {
            throw (node["tls"] ?? node).error(
                "a password is not sent in the clear", hint: "set tls: starttls or implicit")
        }
        server.trustFile = node["trust_file"].flatMap { file in
            file.string.map { InputFile.resolve($0, besides: file.place.file) }
        }
        if let name = try text("client_name") { server.clientName = name }
        let to = try node.list("to").map { try Mailbox($0) }
        guard (1...100).contains(to.count) else { throw (node["to"] ?? node).error("a mail goes to 1 to 100 people") }
        return Email(server: server, from: try Mailbox(node["from"] ?? node), to: to)
    }

    private func mailPlace() throws -> HostPort {
        let standard = try text("tls") == MailServer.Security.implicit.rawValue ? 465 : 587
        guard let place = HostPort(try node.string("server"), standard: standard) else {
            throw (node["server"] ?? node).error("this is no host with a port", hint: "write smtp.example.org:587")
        }
        return place
    }

    // MARK: Values

    /// Without a slash at its end: paths are put after it.
    private func base() throws -> String {
        let url = try node.optionalString("url") ?? kind.standardURL ?? ""
        if kind == .webhook { return url }
        if kind == .teams { return try teamsBase() }
        guard !url.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw (node["url"] ?? node).error("paths are put after the address, so that it has no query")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private func teamsBase() throws -> String {
        let url = try node.secret("webhook_url").expose()
        guard let address = OutsideAddress(url), url.utf8.allSatisfy({ $0 < 0x7F }) else {
            throw (node["webhook_url"] ?? node).error("this is no http or https address")
        }
        let scheme = address.isTLS ? "https://" : "http://"
        return scheme + url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    /// On one line: it goes into addresses, headers and commands.
    private func text(_ key: String) throws -> String? {
        guard let text = try node.optionalString(key) else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw (node[key] ?? node).error("this is empty or has control characters in it")
        }
        return text
    }

    private func words(_ key: String) throws -> [String] {
        for element in node.list(key) where element.string?.contains(" ") ?? true {
            throw element.error("a label of Jira has no spaces in it")
        }
        return try node.strings(key)
    }

    /// A token goes into a header.
    private func required(_ token: Secret?) throws -> Secret {
        guard let token, token.expose().utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw (node["token"] ?? node).error("the token has spaces or control characters in it")
        }
        return token
    }
}

extension Mailbox {
    fileprivate init(_ node: ConfigNode) throws {
        do { try self.init(node.string ?? "") } catch { throw node.error(error.message, hint: error.hint) }
    }
}
