import JSON
import Yams

/// Changes of GitHub workflows that are more than a value in a place.
struct WorkflowEdits {
    let editor: YAMLEditor
    private var text: SourceText { editor.places.text }

    // MARK: Expressions in scripts

    /// Hands the expressions of a script over in its step's environment, so that the shell reads them as values.
    ///
    /// - Parameter path: of the script: …, `run`.
    func expressionsToEnvironment(_ path: [JSON]) throws(NoFix) -> [TextEdit] {
        let way = try editor.way(path)
        guard path.last?.string == "run", way.rest.isEmpty, let step = way.steps.last?.parent,
            let key = way.steps.last?.key
        else { throw NoFix("the script is not one of a shell") }
        try requirePOSIX(step)
        let range = try scriptRange(way.node, key)
        var environment = Environment(step)
        var edits: [TextEdit] = []
        for found in try expressions(in: range) {
            let name = environment.name(for: found.expression)
            edits.append(TextEdit(found.range, found.isQuoted ? "${\(name)}" : "\"${\(name)}\""))
        }
        guard !edits.isEmpty else { throw NoFix("the expression is more than a value") }
        let parent = Array(path.dropLast()).map { $0 }
        if environment.isThere {
            for (name, value) in environment.added {
                edits += [try editor.set(parent + ["env", .string(name)], .string(value), before: nil)]
            }
        } else if !environment.added.isEmpty {
            let members = environment.added.map { ($0.name, JSON.string($0.value)) }
            edits.append(try editor.set(parent + ["env"], .object(JSONObject(members)), before: "run"))
        }
        return edits
    }

    private func requirePOSIX(_ step: Node) throws(NoFix) {
        let shell = step["shell"]?.string ?? "bash"
        guard ["bash", "sh"].contains(shell), text.find("windows").isEmpty, text.find("shell: pwsh").isEmpty,
            text.find("shell: cmd").isEmpty
        else { throw NoFix("the script may run in another shell than sh and bash") }
    }

    private func scriptRange(_ node: Node, _ key: Node) throws(NoFix) -> Range<Int> {
        guard case .scalar(let scalar) = node, let mark = key.mark else { throw NoFix("the script is no text") }
        guard scalar.style == .literal || scalar.style == .folded else {
            return try editor.places.range(of: node, inFlow: false)
        }
        let last = editor.places.lastLine(from: mark.line, indentation: mark.column - 1, holdsText: true)
        return text.next(after: mark.line)..<text.line(last).upperBound
    }

    private struct Found {
        var range: Range<Int>
        var expression: String
        var isQuoted: Bool
    }

    /// Expressions that name a value, with how the shell would read what is in their place.
    private func expressions(in range: Range<Int>) throws(NoFix) -> [Found] {
        guard text.find("<<", in: range).isEmpty else { throw NoFix("the script holds a here-document") }
        var found: [Found] = []
        var quote: UInt8 = 0
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = text.bytes[at]
            if text.bytes[at..<range.upperBound].starts(with: "${{".utf8) {
                guard let end = text.find("}}", in: at..<range.upperBound).first else { break }
                let inner = DockerfileText.trimmed(text.text(at + 3..<end.lowerBound))
                if Self.isPath(inner) {
                    guard quote != 0x27 else {
                        throw NoFix("the expression stands in single quotes, which hold no variable")
                    }
                    found.append(Found(range: at..<end.upperBound, expression: inner, isQuoted: quote == 0x22))
                }
                at = end.upperBound
                continue
            }
            switch byte {
            case UInt8(ascii: "\\") where quote != 0x27: at += 1
            case 0x22, 0x27:
                if quote == 0 { quote = byte } else if quote == byte { quote = 0 }
            default: break
            }
            at += 1
        }
        return found
    }

    private static func isPath(_ text: String) -> Bool {
        let roots = ["github.", "inputs.", "needs.", "steps.", "matrix.", "env."]
        return roots.contains { text.hasPrefix($0) }
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "_-.".utf8.contains(byte)
            }
    }

    /// The variables of a step.
    private struct Environment {
        let isThere: Bool
        private var values: [String: String] = [:]
        private(set) var added: [(name: String, value: String)] = []

        init(_ step: Node) {
            let mapping = step["env"]?.mapping
            isThere = mapping != nil && mapping?.isEmpty == false
            for (key, value) in mapping ?? [:] { values[key.string ?? ""] = value.string ?? "" }
        }

        mutating func name(for expression: String) -> String {
            let value = "${{ \(expression) }}"
            if let known = values.first(where: { $0.value == value }) { return known.key }
            let parts = expression.split(separator: ".").suffix(expression.hasPrefix("github.") ? 2 : 1)
            let base = String(
                parts.joined(separator: "_").uppercased().map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
            var name = base == "PATH" || base == "HOME" ? "VALUE_\(base)" : base
            var count = 2
            while values[name] != nil {
                name = "\(base)_\(count)"
                count += 1
            }
            values[name] = value
            added.append((name, value))
            return name
        }
    }

    // MARK: Pins

    /// Pins an action to the commit that another step of the tree names for the same version.
    func pin(_ path: [JSON], _ pins: [String: String]) throws(NoFix) -> [TextEdit] {
        let way = try editor.way(path)
        guard way.rest.isEmpty, case .scalar(let scalar) = way.node, scalar.style == .plain,
            let at = scalar.string.lastIndex(of: "@")
        else { throw NoFix("the action is not named in plain text") }
        let range = try editor.places.range(of: way.node, inFlow: way.isInFlow)
        let line = text.line(text.lineNumber(of: range.lowerBound))
        guard text.text(range.upperBound..<line.upperBound).allSatisfy({ $0 == " " }), !way.isInFlow else {
            throw NoFix("a remark stands after the action")
        }
        guard let commit = pins[scalar.string] else {
            throw NoFix("the commit of \(scalar.string) is not known here: nothing in the tree names it")
        }
        let version = scalar.string[scalar.string.index(after: at)...]
        return [TextEdit(range, "\(scalar.string[..<at])@\(commit) # \(version)")]
    }

    /// `owner/action@v4` → commit, by lines such as `uses: owner/action@0123… # v4`. What two lines say differently is
    /// left out.
    static func pins(in texts: some Sequence<SourceText>) -> [String: String] {
        var pins: [String: String?] = [:]
        for text in texts {
            for number in 1...text.lineCount {
                let line = text.text(ofLine: number)
                guard let mark = line.firstRange(of: "uses:"), let at = line[mark.upperBound...].firstIndex(of: "@"),
                    let remark = line[at...].firstIndex(of: "#")
                else { continue }
                let action = DockerfileText.trimmed(String(line[mark.upperBound..<at]))
                let commit = DockerfileText.trimmed(String(line[line.index(after: at)..<remark]))
                let rest = line[line.index(after: remark)...].split { $0 == " " }
                guard commit.utf8.count == 40, commit.allSatisfy(\.isHexDigit), let version = rest.first else {
                    continue
                }
                let key = "\(action)@\(version)"
                if let known = pins[key], known != commit { pins[key] = .some(nil) } else { pins[key] = commit }
            }
        }
        return pins.compactMapValues(\.self)
    }
}
