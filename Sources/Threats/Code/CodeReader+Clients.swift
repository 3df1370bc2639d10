import Scan

/// Where code goes to: stores, and other servers.
extension CodeReader {
    mutating func readStore(_ full: String, _ arguments: [CodeArgument], _ range: Range<Int>) {
        let texts = arguments.compactMap { Self.text($0.value) }
        let fromScheme = texts.lazy.compactMap(Self.scheme).first
        var technology: String?
        if ["boto3.client", "boto3.resource", "boto3.Session.client", "boto3.Session.resource"].contains(full) {
            technology = texts.first.flatMap { CodeTables.services.contains($0) ? $0 : nil }
        } else if let known = CodeTables.stores[full] {
            technology = known == "sql" ? fromScheme ?? known : known
        } else if ["database/sql.Open", "github.com/jmoiron/sqlx.Open", "github.com/jmoiron/sqlx.Connect"].contains(
            full)
        {
            technology = texts.first.flatMap { CodeTables.schemes[$0] } ?? "sql"
        } else if ["mongoose.Schema", "Schema"].contains(full), imports("mongoose") {
            readSchema(arguments, range)
        } else if full.hasSuffix(".define"), imports("sequelize"), let name = texts.first {
            readSchema(Array(arguments.dropFirst()), range, name)
        }
        guard let technology else { return }
        add(store: technology, Self.isEncrypted(texts), range)
    }

    /// Django's `"ENGINE": "django.db.backends.postgresql"`.
    mutating func readEngine(_ item: CodeArgument) {
        guard item.label == "ENGINE", let text = Self.text(item.value), text.hasPrefix("django.db.backends.") else {
            return
        }
        let name = String(text.split(separator: ".").last ?? "")
        add(store: ["sqlite3": "sqlite", "postgresql_psycopg2": "postgresql"][name] ?? name, nil, item.value.range)
    }

    private mutating func add(store technology: String, _ isEncrypted: Bool?, _ range: Range<Int>) {
        guard facts.stores.count < CodeFacts.most else { return }
        facts.stores.append(
            CodeFacts.StoreUse(technology: Name.shown(technology), isEncrypted: isEncrypted, line: line(range)))
    }

    private mutating func readSchema(_ arguments: [CodeArgument], _ range: Range<Int>, _ name: String = "schema") {
        guard case .list(let items, _)? = arguments.first?.value else { return }
        add(model: name, items.compactMap(\.label), range)
    }

    static func scheme(_ text: String) -> String? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        return CodeTables.schemes[String(text[..<mark.lowerBound].prefix { $0 != "+" })]
    }

    /// What an address or a driver's options say of TLS.
    static func isEncrypted(_ texts: [String]) -> Bool? {
        for text in texts {
            if ["sslmode=require", "sslmode=verify", "ssl=true", "tls=true"].contains(where: text.contains)
                || ["rediss://", "amqps://", "mongodb+srv://"].contains(where: text.hasPrefix)
            {
                return true
            }
            if ["sslmode=disable", "ssl=false", "tls=false"].contains(where: text.contains) { return false }
        }
        return nil
    }

    // MARK: - Other servers

    mutating func readRequest(_ full: String, _ arguments: [CodeArgument], _ range: Range<Int>) {
        if let host = CodeTables.thirdParties[full] { return add(call: host, isPlain: false, range) }
        guard CodeTables.requests.contains(full) else { return }
        for argument in arguments {
            for text in Self.addresses(argument.value) {
                guard let (host, isPlain) = Self.host(text) else { continue }
                return add(call: host, isPlain: isPlain, range)
            }
        }
    }

    private static func addresses(_ value: CodeExpression) -> [String] {
        switch value {
        case .join(let parts, _, _): parts.first.map(addresses) ?? []
        // An options object: `axios.create({baseURL: "https://…"})`.
        case .list(let items, _): items.filter { $0.label != nil }.compactMap { text($0.value) }
        default: text(value).map { [$0] } ?? []
        }
    }

    private mutating func add(call host: String, isPlain: Bool, _ range: Range<Int>) {
        guard facts.calls.count < CodeFacts.most else { return }
        facts.calls.append(CodeFacts.Call(host: Name.shown(host), isPlain: isPlain, line: line(range)))
    }

    /// Of an address of the internet, without what else it holds; nil for addresses of the machine, of examples, and
    /// those that are only known when it runs.
    static func host(_ text: String) -> (host: String, isPlain: Bool)? {
        let isPlain = text.hasPrefix("http://")
        guard isPlain || text.hasPrefix("https://") else { return nil }
        let rest = text.dropFirst(isPlain ? 7 : 8).prefix { !"/?#".contains($0) }
        let name = (rest.split(separator: "@").last ?? rest).prefix { $0 != ":" }.lowercased()
        let letters = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "-")
        }
        guard letters, name.contains("."), name.contains(where: \.isLetter), name.utf8.count <= 253,
            !["localhost", ".local", ".internal", ".test", ".invalid", ".example"].contains(where: name.hasSuffix),
            !["example.com", "example.org", "example.net"].contains(where: { name == $0 || name.hasSuffix(".\($0)") })
        else { return nil }
        return (name, isPlain)
    }
}
