import Formats

/// `pom.xml`: the version of the dependency, of what manages it, or the property that holds it.
struct MavenEditor: ManifestEditor {
    let lockfiles: Set<String> = ["pom.xml"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        let text = SourceText(try tree.editable(upgrade.path))
        let parts = upgrade.name.split(separator: ":").map(String.init)
        guard parts.count == 2 else { throw NoFix("\(upgrade.name) is no group:artifact") }
        for entry in Self.elements("dependency", in: text) {
            guard Self.value("artifactId", text, entry) == parts[1], Self.value("groupId", text, entry) == parts[0],
                let range = Self.elements("version", in: text, entry).first
            else { continue }
            let written = text.text(range)
            if written == upgrade.from { return proposal(upgrade, range, []) }
            guard written.hasPrefix("${"), written.hasSuffix("}") else { continue }
            let property = String(written.dropFirst(2).dropLast())
            let places = Self.elements(property, in: text).filter { text.text($0) == upgrade.from }
            guard places.count == 1, let place = places.first else {
                throw NoFix("the property \(property) is not set once in this file")
            }
            let uses = text.find("${\(property)}").count
            let others = uses > 1 ? ["The property \(property) is used \(uses) times: all of them move."] : []
            return proposal(upgrade, place, others)
        }
        throw NoFix("the version of \(upgrade.name) is not written in this file")
    }

    private func proposal(_ upgrade: Upgrade, _ range: Range<Int>, _ risks: [String]) -> Proposal {
        Proposal(
            kind: .upgrade, title: "", edits: [upgrade.path: [TextEdit(range, upgrade.to)]],
            steps: ["Build, and run the tests."], risks: risks)
    }

    private static func value(_ name: String, _ text: SourceText, _ range: Range<Int>) -> String? {
        elements(name, in: text, range).first.map { text.text($0) }
    }

    /// What stands between the tags of elements without attributes, without white space at its ends.
    private static func elements(_ name: String, in text: SourceText, _ range: Range<Int>? = nil) -> [Range<Int>] {
        let range = range ?? 0..<text.bytes.count
        return text.find("<\(name)>", in: range).compactMap { open in
            guard let close = text.find("</\(name)>", in: open.upperBound..<range.upperBound).first else { return nil }
            var (start, end) = (open.upperBound, close.lowerBound)
            while start < end, text.bytes[start] <= 0x20 { start += 1 }
            while end > start, text.bytes[end - 1] <= 0x20 { end -= 1 }
            return start..<end
        }
    }
}

/// Gradle's build files, where they spell `group:artifact:version` out.
struct GradleEditor: ManifestEditor {
    let lockfiles: Set<String> = ["gradle.lockfile"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        var edits: [String: [TextEdit]] = [:]
        for path in upgrade.manifests(["build.gradle", "build.gradle.kts", "libs.versions.toml"], in: tree) {
            let text = SourceText(try tree.editable(path))
            let found = ["\"", "'"].flatMap { quote in
                text.find("\(quote)\(upgrade.name):\(upgrade.from)\(quote)").map {
                    TextEdit($0.upperBound - 1 - upgrade.from.utf8.count..<$0.upperBound - 1, upgrade.to)
                }
            }
            if !found.isEmpty { edits[path] = found }
        }
        guard !edits.isEmpty else { throw NoFix("no build file spells \(upgrade.name):\(upgrade.from) out") }
        return following(upgrade, edits, step: "./gradlew dependencies --write-locks")
    }
}

/// Project files of .NET, or the file that manages their versions.
struct NuGetEditor: ManifestEditor {
    let lockfiles: Set<String> = ["packages.lock.json"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        guard !upgrade.isTransitive else { throw upgrade.transitive }
        let projects = tree.paths.filter { path in
            [".csproj", ".fsproj", ".vbproj", "Directory.Packages.props"].contains { path.hasSuffix($0) }
                && (path.hasPrefix(upgrade.folder) || path.hasSuffix("Directory.Packages.props"))
        }
        var edits: [String: [TextEdit]] = [:]
        for path in projects {
            let text = SourceText(try tree.editable(path))
            for number in 1...text.lineCount {
                if let edit = try edit(upgrade, text, line: number) { edits[path, default: []].append(edit) }
            }
        }
        guard !edits.isEmpty else { throw NoFix("no project file gives \(upgrade.name) a version") }
        return following(upgrade, edits, step: "dotnet restore --force-evaluate")
    }

    private func edit(_ upgrade: Upgrade, _ text: SourceText, line: Int) throws(NoFix) -> TextEdit? {
        let content = text.text(ofLine: line)
        let lower = content.lowercased()
        guard lower.contains("<packagereference ") || lower.contains("<packageversion "),
            lower.contains("include=\"\(upgrade.name.lowercased())\""),
            let mark = text.find("Version=\"", in: text.line(line)).first,
            let end = text.find("\"", in: mark.upperBound..<text.line(line).upperBound).first
        else { return nil }
        let range = mark.upperBound..<end.lowerBound
        let raised = try VersionRange.raised(text.text(range), to: upgrade.to, .nuget)
        return TextEdit(range, raised)
    }
}
