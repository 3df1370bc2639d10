import Rego

/// Instructions of a Dockerfile: continued lines, heredocs, the escape directive, flags, arguments and their defaults.
///
/// The resource has `stages`; each has `image`, `name`, `final` and `instructions`; each of those `name`, `value`, `flags`,
/// `words` (an exec form's, or what is parted by white space), `exec` and `heredoc`.
struct DockerfileReader {
    private static let maximumInstructions = 10_000
    private static let names: Set<String> = [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD",
        "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ]

    private let lines: [Substring]
    private var at = 0
    private var escape: Character = "\\"
    private var stages: [Node] = []
    private var current: (head: Node, instructions: [Node])?
    /// `ARG`s before the first stage, with their defaults.
    private var arguments: [String: String] = [:]
    private var problem: String?

    static func wants(_ name: String) -> Bool {
        let name = name.lowercased()
        if name.hasPrefix("dockerfile.") {
            // `Dockerfile.go` builds something in Go; `dockerfile.md` tells about one.
            return !otherKinds.contains(String(name.dropFirst("dockerfile.".count)))
        }
        return name == "dockerfile" || name == "containerfile" || name.hasSuffix(".dockerfile")
            || name.hasSuffix(".containerfile")
    }

    private static let otherKinds: Set<String> = [
        "md", "markdown", "rst", "adoc", "txt", "html", "json", "yml", "yaml", "toml", "xml", "rego",
    ]

    static func read(_ file: SourceFile, into found: inout ReadResources) {
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            return found.note(file.path, "is not valid UTF-8")
        }
        var reader = DockerfileReader(text)
        reader.run()
        if let problem = reader.problem { found.note(file.path, problem) }
        guard !reader.stages.isEmpty else {
            if reader.problem == nil { found.note(file.path, "has no FROM") }
            return
        }
        var body = Node.object(at: Place())
        body.set("stages", Node(.list(reader.stages), at: Place()))
        found.resources.append(
            Resource(
                key: file.path, id: file.path, format: .dockerfile, type: "dockerfile",
                address: FilePath.split(file.path).name, name: FilePath.split(file.path).name, file: file.path,
                start: Place(), end: Place(), body: body))
    }

    private init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    private mutating func run() {
        readDirectives()
        var count = 0
        while at < lines.count {
            let start = at
            guard let text = logicalLine() else { continue }
            count += 1
            guard count <= Self.maximumInstructions else {
                problem = "has more than \(Self.maximumInstructions) instructions"
                break
            }
            let word = text.prefix { $0.isLetter }
            guard Self.names.contains(word.uppercased()) else {
                problem = problem ?? "\(start + 1):1: \(word.prefix(40)) is no instruction"
                continue
            }
            add(word.uppercased(), text.dropFirst(word.count), Place(line: start + 1))
        }
        finishStage(isFinal: true)
    }

    /// `# escape=`…, before everything else.
    private mutating func readDirectives() {
        while at < lines.count, lines[at].hasPrefix("#"), let sign = lines[at].firstIndex(of: "=") {
            let name = trim(lines[at][..<sign].dropFirst())
            if name.lowercased() == "escape", let mark = trim(lines[at][lines[at].index(after: sign)...]).first {
                escape = mark
            }
            at += 1
        }
    }

    /// Lines that belong together, without comments; nil for nothing.
    private mutating func logicalLine() -> String? {
        var text = ""
        while at < lines.count {
            let line = lines[at]
            at += 1
            let content = trim(line)
            if content.hasPrefix("#") {
                if text.isEmpty { return nil }
                continue
            }
            if content.isEmpty {
                if text.isEmpty { return nil }
                continue
            }
            let isContinued = content.last == escape
            text += isContinued ? String(content.dropLast()) + " " : String(content)
            if !isContinued { break }
        }
        return text.isEmpty ? nil : text
    }

    private func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    // MARK: Instructions

    private mutating func add(_ name: String, _ rest: Substring, _ place: Place) {
        var value = trim(rest)
        var flags: [Node.Member] = []
        while value.hasPrefix("--") {
            let flag = value.prefix { !$0.isWhitespace }
            value = trim(value.dropFirst(flag.count))
            let parts = flag.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard let key = parts.first else { break }
            flags.append(.init(key: String(key), value: text(parts.count > 1 ? parts[1] : "true", place)))
        }
        let heredoc = ["RUN", "COPY", "ADD"].contains(name) ? heredocs(in: value) : ""
        let exec = execForm(value)
        var node = Node.object(at: place)
        node.set("name", text(name[...], place))
        node.set("value", text(value, place))
        node.set("flags", Node(.object(flags), at: place))
        let words = exec ?? value.split(whereSeparator: \.isWhitespace).map(String.init)
        node.set("words", Node(.list(words.map { text($0[...], place) }), at: place))
        node.set("exec", Node(.scalar(.bool(exec != nil)), at: place))
        node.set("heredoc", text(heredoc[...], place))
        if name == "FROM" { return begin(node, words, place) }
        if current == nil {
            if name == "ARG" {
                let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { arguments[parts[0]] = parts[1] }
            } else if problem == nil {
                problem = "\(place.line):1: \(name) stands before the first FROM"
            }
            return
        }
        current?.instructions.append(node)
    }

    private func text(_ text: Substring, _ place: Place) -> Node { Node(.scalar(RegoValue(String(text))), at: place) }

    private func execForm(_ value: Substring) -> [String]? {
        guard value.hasPrefix("["), let array = (try? RegoValue(parsing: Array(value.utf8)))?.array else { return nil }
        return array.compactMap(\.text)
    }

    /// Reads the texts that `<<NAME` announces.
    private mutating func heredocs(in value: Substring) -> String {
        var out = ""
        for word in value.split(whereSeparator: \.isWhitespace) where word.hasPrefix("<<") && !word.hasPrefix("<<<") {
            let isIndented = word.hasPrefix("<<-")
            let name = word.dropFirst(isIndented ? 3 : 2).filter { $0 != "\"" && $0 != "'" }
            guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
            while at < lines.count {
                let line = lines[at]
                at += 1
                if (isIndented ? line.drop { $0 == "\t" } : line) == name[...] { break }
                out += line + "\n"
            }
        }
        return out
    }

    private mutating func begin(_ node: Node, _ words: [String], _ place: Place) {
        finishStage(isFinal: false)
        var head = Node.object(at: place)
        head.set("image", text(substituted(words.first ?? "")[...], place))
        let isNamed = words.count >= 3 && words[1].lowercased() == "as"
        head.set("name", text(isNamed ? words[2][...] : "", place))
        head.set("platform", node["flags"]?["platform"] ?? text("", place))
        current = (head, [])
    }

    /// The defaults of arguments that stand before the first stage.
    private func substituted(_ image: String) -> String {
        var out = ""
        var rest = Substring(image)
        while let dollar = rest.firstIndex(of: "$") {
            out += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            if isBraced { rest.removeFirst() }
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            rest = rest.dropFirst(name.count)
            var fallback: String?
            if isBraced {
                let inner = rest.prefix { $0 != "}" }
                if inner.hasPrefix(":-") { fallback = String(inner.dropFirst(2)) }
                rest = rest.dropFirst(inner.count + 1)
            }
            out += arguments[name] ?? fallback ?? "${\(name)}"
        }
        return out + rest
    }

    private mutating func finishStage(isFinal: Bool) {
        guard let (begun, instructions) = current else { return }
        var head = begun
        head.set("final", Node(.scalar(.bool(isFinal)), at: head.place))
        head.set("instructions", Node(.list(instructions), at: head.place))
        stages.append(head)
        current = nil
    }
}
