import Formats

/// A manifest in TOML, line by line with the table that each line is in.
struct TOMLManifest {
    let text: SourceText

    init(_ bytes: [UInt8]) throws(NoFix) {
        do { _ = try TOML.parse(bytes) } catch { throw NoFix("the manifest cannot be read: \(error)") }
        text = SourceText(bytes)
    }

    /// Lines with the name of their table, without remarks' lines.
    var lines: [(number: Int, table: String, content: String)] {
        var table = ""
        var lines: [(number: Int, table: String, content: String)] = []
        for number in 1...text.lineCount {
            let content = DockerfileText.trimmed(text.text(ofLine: number))
            if content.isEmpty || content.hasPrefix("#") { continue }
            // `[table]` and `[[table]]`; a line of an array that begins with a bracket has no closing one at its end.
            if content.hasPrefix("["), let end = content.firstIndex(of: "]"), !content.contains("\"") || table.isEmpty,
                content[content.index(after: end)...].drop(while: { $0 == "]" || $0 == " " }).first.map({ $0 == "#" })
                    ?? true
            {
                table = content[..<end].filter { $0 != "[" && $0 != " " && $0 != "\"" && $0 != "'" }
            }
            lines.append((number, table, content))
        }
        return lines
    }

    /// What stands between the quotes that begin at or after a place of a line.
    func quoted(from start: Int, line: Int) -> Range<Int>? {
        let end = text.line(line).upperBound
        guard start <= end,
            let open = text.bytes[start..<end].firstIndex(where: { $0 == 0x22 || $0 == 0x27 }),
            let close = text.bytes[(open + 1)..<end].firstIndex(of: text.bytes[open])
        else { return nil }
        return open + 1..<close
    }

    /// The version that `name = "…"` or `name = { version = "…" }` gives on a line.
    func version(of name: String, line: Int) -> Range<Int>? {
        let range = text.line(line)
        guard let sign = text.bytes[range].firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let rest = DockerfileText.trimmed(text.text(sign + 1..<range.upperBound))
        guard rest.hasPrefix("{") else { return quoted(from: sign + 1, line: line) }
        guard let key = text.find("version", in: sign + 1..<range.upperBound).first else { return nil }
        return quoted(from: key.upperBound, line: line)
    }

    static func key(of content: String) -> String {
        let name = content.prefix { $0 != "=" && $0 != "." }
        return name.filter { $0 != "\"" && $0 != "'" && $0 != " " }
    }
}

/// `Cargo.toml` of the workspace.
struct CargoEditor: ManifestEditor {
    let lockfiles: Set<String> = ["cargo.lock"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        var edits: [String: [TextEdit]] = [:]
        for path in upgrade.manifests(["Cargo.toml"], in: tree) {
            let manifest = try TOMLManifest(try tree.editable(path))
            for line in manifest.lines where !line.content.hasPrefix("[") {
                let isEntry = line.table.hasSuffix("dependencies") && TOMLManifest.key(of: line.content) == upgrade.name
                let isTable = line.table.hasSuffix("dependencies.\(upgrade.name)") && line.content.hasPrefix("version")
                guard isEntry || isTable, let range = manifest.version(of: upgrade.name, line: line.number) else {
                    continue
                }
                let asked = manifest.text.text(range)
                // Two major versions may stand side by side: what asks for another one stays.
                if VersionRange.isMajor(String(asked.drop { !$0.isNumber }), upgrade.from) { continue }
                edits[path, default: []].append(
                    TextEdit(range, try VersionRange.raised(asked, to: upgrade.to, .semver)))
            }
        }
        let step = "cargo update -p \(upgrade.name)@\(upgrade.from) --precise \(upgrade.to)"
        guard !edits.isEmpty else {
            throw NoFix("Cargo.lock alone decides the version of \(upgrade.name): run \(step)")
        }
        return following(upgrade, edits, step: step)
    }
}

/// `pyproject.toml` for Poetry, uv and PDM, and `Pipfile`.
struct PyprojectEditor: ManifestEditor {
    let lockfiles: Set<String> = ["poetry.lock", "uv.lock", "pdm.lock", "pipfile.lock"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        var edits: [String: [TextEdit]] = [:]
        let isPipfile = upgrade.fileName == "Pipfile.lock"
        for path in upgrade.manifests(isPipfile ? ["Pipfile"] : ["pyproject.toml"], in: tree) {
            let manifest = try TOMLManifest(try tree.editable(path))
            let found = try self.edits(upgrade, manifest)
            if !found.isEmpty { edits[path] = found }
        }
        let step =
            switch upgrade.fileName {
            case "poetry.lock": "poetry update --lock \(upgrade.name)"
            case "uv.lock": "uv lock --upgrade-package \(upgrade.name)"
            case "pdm.lock": "pdm update --no-sync \(upgrade.name)"
            default: "pipenv lock"
            }
        if edits.isEmpty, upgrade.fileName == "uv.lock" { edits = try constraint(upgrade, &tree) }
        guard !edits.isEmpty else { throw upgrade.transitive }
        return following(upgrade, edits, step: step)
    }

    private func edits(_ upgrade: Upgrade, _ manifest: TOMLManifest) throws(NoFix) -> [TextEdit] {
        let name = Self.normalized(upgrade.name)
        var edits: [TextEdit] = []
        for line in manifest.lines {
            let isTable =
                line.table.hasPrefix("tool.poetry") && line.table.hasSuffix("dependencies")
                || ["packages", "dev-packages"].contains(line.table)
            if isTable {
                guard Self.normalized(TOMLManifest.key(of: line.content)) == name,
                    let range = manifest.version(of: upgrade.name, line: line.number)
                else { continue }
                let asked = manifest.text.text(range)
                let raised = asked == "*" ? ">=\(upgrade.to)" : try VersionRange.raised(asked, to: upgrade.to, .pypi)
                edits.append(TextEdit(range, raised))
            } else {
                edits += try requirements(upgrade, name, manifest, line.number)
            }
        }
        return edits
    }

    /// Requirements in lists: `"name[extra]>=1; marker"`.
    private func requirements(
        _ upgrade: Upgrade, _ name: String, _ manifest: TOMLManifest, _ line: Int
    ) throws(NoFix) -> [TextEdit] {
        var edits: [TextEdit] = []
        var at = manifest.text.line(line).lowerBound
        while let range = manifest.quoted(from: at, line: line) {
            at = range.upperBound + 1
            let requirement = manifest.text.text(range)
            let named = requirement.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            guard Self.normalized(String(named)) == name else { continue }
            let extras =
                requirement.dropFirst(named.count).first == "["
                ? requirement.dropFirst(named.count).prefix { $0 != "]" }.count + 1 : 0
            let rest = requirement.dropFirst(named.count + extras)
            let asked = rest.prefix { $0 != ";" && $0 != "@" }
            guard rest.first(where: { $0 != " " }) != "@", asked.isEmpty || "<>=!~ ".contains(asked.first ?? "a") else {
                continue
            }
            let start = range.lowerBound + named.utf8.count + extras
            let trimmed = DockerfileText.trimmed(String(asked))
            let raised = trimmed.isEmpty ? ">=\(upgrade.to)" : try VersionRange.raised(trimmed, to: upgrade.to, .pypi)
            let lead = asked.prefix { $0 == " " }.count
            let from = start + (trimmed.isEmpty ? 0 : lead)
            edits.append(TextEdit(from..<from + trimmed.utf8.count, raised))
        }
        return edits
    }

    /// uv takes constraints for packages that others bring in.
    private func constraint(_ upgrade: Upgrade, _ tree: inout FixTree) throws(NoFix) -> [String: [TextEdit]] {
        let path = upgrade.folder + "pyproject.toml"
        guard tree.has(path) else { throw upgrade.transitive }
        let manifest = try TOMLManifest(try tree.editable(path))
        let text = manifest.text
        guard text.find("[tool.uv]").isEmpty else { throw upgrade.transitive }
        let nl = text.newline
        let lines = "\(nl)[tool.uv]\(nl)constraint-dependencies = [\"\(upgrade.name)>=\(upgrade.to)\"]\(nl)"
        return [path: [.insert((text.endsInNewline ? "" : nl) + lines, at: text.bytes.count)]]
    }

    /// PEP 503.
    private static func normalized(_ name: String) -> String {
        var out = ""
        for character in name.lowercased() {
            let mark: Character = "_.".contains(character) ? "-" : character
            if mark == "-", out.last == "-" { continue }
            out.append(mark)
        }
        return out
    }
}

/// `Gemfile`
struct GemfileEditor: ManifestEditor {
    let lockfiles: Set<String> = ["gemfile.lock", "gems.locked"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        let path = upgrade.folder + (upgrade.fileName == "gems.locked" ? "gems.rb" : "Gemfile")
        guard tree.has(path) else { throw NoFix("there is no \(path)") }
        let text = SourceText(try tree.editable(path))
        for number in 1...text.lineCount {
            let line = text.line(number)
            guard DockerfileText.trimmed(text.text(line)).hasPrefix("gem"),
                let named = ["\"", "'"].lazy.flatMap({ text.find("\($0)\(upgrade.name)\($0)", in: line) }).first
            else { continue }
            let quote = text.text(named.upperBound - 1..<named.upperBound)
            let rest = text.text(named.upperBound..<line.upperBound)
            let next = rest.drop { $0 == "," || $0 == " " }
            guard let open = next.first, open == "\"" || open == "'" else {
                return proposal(upgrade, path, .insert(", \(quote)>= \(upgrade.to)\(quote)", at: named.upperBound))
            }
            let start = named.upperBound + (rest.utf8.count - next.utf8.count) + 1
            let asked = String(next.dropFirst().prefix { $0 != open })
            let raised = try VersionRange.raised(asked, to: upgrade.to, .rubygems)
            // A second floor is an argument of its own.
            let parts = raised.split(separator: ",").map { DockerfileText.trimmed(String($0)) }
            let written = parts.joined(separator: "\(open), \(open)")
            return proposal(upgrade, path, TextEdit(start..<start + asked.utf8.count, written))
        }
        throw upgrade.transitive
    }

    private func proposal(_ upgrade: Upgrade, _ path: String, _ edit: TextEdit) -> Proposal {
        following(upgrade, [path: [edit]], step: "bundle lock --update \(upgrade.name)")
    }
}
