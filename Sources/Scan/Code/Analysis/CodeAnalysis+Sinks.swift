extension CodeAnalysis {
    /// Whether what is called `self.request` comes from outside: only in views of servers.
    var isView: Bool {
        aliases.values.contains { name in
            ["django.views", "django.http", "tornado.web", "rest_framework", "aiohttp.web", "pyramid"].contains {
                name.hasPrefix($0)
            }
        }
    }

    /// Looks at one call.
    mutating func inspect(_ call: CodeCall) {
        for sink in sinks {
            guard (call.name.map(sink.callees.contains) ?? false) || sink.methods.contains(call.method) else {
                continue
            }
            guard let value = reached(sink, call), let taint = value.taint else { continue }
            let end = CodeFlaw.Step(offset: call.range.lowerBound, text: "used here")
            let steps = taint.steps.map { CodeFlaw.Step(offset: $0, text: "kept here") }
            let flaw = CodeFlaw(
                rule: sink.rule, range: call.range,
                trace: [CodeFlaw.Step(offset: taint.origin.offset, text: taint.origin.text)] + steps + [end])
            return report(flaw)
        }
        inspectPattern(call)
    }

    /// The value that does harm; nil where none does.
    private func reached(_ sink: CodeSink, _ call: CodeCall) -> CodeValue? {
        let isNamed = language == .swift && !sink.labels.isEmpty
        guard var value = call.value(sink.argument, sink.labels, mustBeNamed: isNamed) else { return nil }
        // A shell is given the program and its arguments as one text.
        if sink.shape == .shell, language == .javaScript { value = value.or(call.value(1, []) ?? CodeValue()) }
        guard value.taint != nil else { return nil }
        switch sink.shape {
        case .any: return value.isList ? nil : value
        case .sql: return isStatement(value, call) ? value : nil
        case .host: return !value.isList && Self.choosesHost(value.lead) ? value : nil
        case .path:
            guard !value.isList, value.taint?.isSegment == false, call.receiver != "zipfile" else { return nil }
            return value
        case .shell: return hasShell(call) ? value : nil
        case .shellWords:
            let shell = call.values[max(0, sink.argument - 2)].constant ?? ""
            let flag = call.values[max(0, sink.argument - 1)].constant ?? ""
            let name = shell.split(separator: "/").last.map(String.init) ?? ""
            return ["sh", "bash", "zsh", "dash", "cmd", "cmd.exe", "powershell"].contains(name)
                && ["-c", "/c", "/C", "-Command", "-lc"].contains(flag) ? value : nil
        }
    }

    private func hasShell(_ call: CodeCall) -> Bool {
        if language == .python {
            guard case .constant? = call.label("shell") else { return false }
            // `True`, and no other constant but `False`, which is told by its length.
            return call.label("shell").map { $0.range.count == 4 || $0.range.count == 1 } ?? false
        }
        return call.arguments.contains { argument in
            guard case .list(let items, _) = argument.value else { return false }
            return items.contains { item in
                guard item.label == "shell" else { return false }
                switch item.value {
                case .literal: return true
                case .constant(let range): return range.count == 4
                default: return false
                }
            }
        }
    }

    private static let connections: Set<String> = [
        "cursor", "cur", "conn", "connection", "db", "session", "engine", "database", "pool", "client", "knex",
        "sequelize",
        "tx", "crsr",
    ]

    private func isStatement(_ value: CodeValue, _ call: CodeCall) -> Bool {
        guard !value.isList else { return false }
        if value.literals.isEmpty {
            // A whole statement from outside.
            return value.lead.isEmpty && Self.connections.contains(call.receiver.lowercased())
                && !["all", "run", "get", "raw", "fetch"].contains(call.method)
        }
        return Self.isSQL(value.literals)
    }

    /// Whether words that stand in the code are those of a statement.
    static func isSQL(_ text: String) -> Bool {
        let words = text.uppercased().split { !($0.isLetter || $0 == "_") }
        let all = Set(words)
        return words.enumerated().contains { index, word in
            switch word {
            case "SELECT": all.contains("FROM")
            case "INSERT", "REPLACE": index + 1 < words.count && words[index + 1] == "INTO"
            case "DELETE": index + 1 < words.count && words[index + 1] == "FROM"
            case "UPDATE": all.contains("SET")
            case "DROP", "ALTER", "CREATE", "TRUNCATE":
                index + 1 < words.count
                    && ["TABLE", "DATABASE", "INDEX", "VIEW", "USER", "SCHEMA"].contains(words[index + 1])
            case "WHERE": all.contains("AND") || all.contains("LIKE") || words.count <= 4
            default: false
            }
        }
    }

    /// Whether what follows this beginning says which host it is.
    static func choosesHost(_ lead: String) -> Bool {
        if lead.isEmpty { return true }
        guard !lead.contains(CodeValue.unknown) else { return false }
        let lower = lead.lowercased()
        return lower == "http://" || lower == "https://" || lower == "//"
    }
}
