import Formats
import JSON

/// Changes members of a manifest in JSON, all else byte for byte.
struct JSONManifest {
    let document: JSONDocument
    private let text: SourceText

    init(_ bytes: [UInt8]) throws(NoFix) {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]), let document = try? JSONDocument(bytes),
            document.root.kind == .object
        else { throw NoFix("the manifest is not read as JSON") }
        self.document = document
        text = SourceText(bytes)
    }

    func replace(_ view: JSONView, _ value: String) -> TextEdit { TextEdit(view.raw, JSON.string(value).text()) }

    /// A member at the end of an object; the object is made where it is not there.
    func add(_ key: String, _ value: String, to name: String) -> TextEdit {
        let entry = "\(JSON.string(key).text()): \(JSON.string(value).text())"
        if let object = document[name], object.kind == .object {
            if let last = object.members.reversed().first {
                return .insert(",\(space(before: last.keyView))\(entry)", at: last.value.raw.upperBound)
            }
            return TextEdit(object.raw, "{ \(entry) }")
        }
        guard let last = document.root.members.reversed().first else {
            return TextEdit(document.root.raw, "{ \(JSON.string(name).text()): { \(entry) } }")
        }
        let outer = space(before: last.keyView)
        let isLined = outer.contains("\n")
        let inner = isLined ? outer + String(outer.drop { $0 == "\r\n" || $0 == "\n" }) : " "
        let object = "{\(inner)\(entry)\(isLined ? outer : " ")}"
        return .insert(",\(outer)\(JSON.string(name).text()): \(object)", at: last.value.raw.upperBound)
    }

    /// What stands between a key and what comes before it.
    private func space(before key: JSONView) -> String {
        var start = key.raw.lowerBound
        while start > 0, text.bytes[start - 1] <= 0x20 { start -= 1 }
        let space = text.text(start..<key.raw.lowerBound)
        return space.isEmpty ? " " : space
    }
}

/// npm, yarn and pnpm: `package.json`.
struct NPMEditor: ManifestEditor {
    let lockfiles: Set<String> = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        let step =
            switch upgrade.fileName {
            case "yarn.lock": "yarn install"
            case "pnpm-lock.yaml": "pnpm install --lockfile-only"
            default: "npm install --package-lock-only"
            }
        var edits: [String: [TextEdit]] = [:]
        for path in upgrade.manifests(["package.json"], in: tree) {
            let manifest = try JSONManifest(try tree.editable(path))
            for group in ["dependencies", "devDependencies", "optionalDependencies"] {
                guard let entry = manifest.document[group]?[upgrade.name], let range = entry.string else { continue }
                let raised = try VersionRange.raised(range, to: upgrade.to, .semver)
                edits[path, default: []].append(manifest.replace(entry, raised))
            }
        }
        if !edits.isEmpty { return following(upgrade, edits, step: step) }
        return try override(upgrade, step, &tree)
    }

    /// For a package that another brings in: the root's manifest decides its version.
    private func override(_ upgrade: Upgrade, _ step: String, _ tree: inout FixTree) throws(NoFix) -> Proposal {
        let path = upgrade.folder + "package.json"
        guard tree.has(path) else { throw upgrade.transitive }
        // Elsewhere in the tree another major version of it may be needed: an override would move that, too.
        guard !VersionRange.isMajor(upgrade.from, upgrade.to), !hasOtherLines(upgrade, &tree) else {
            throw upgrade.transitive
        }
        let manifest = try JSONManifest(try tree.editable(path))
        let key: String
        switch upgrade.fileName {
        case "yarn.lock": key = "resolutions"
        case "pnpm-lock.yaml": throw upgrade.transitive
        default: key = "overrides"
        }
        guard manifest.document[key]?[upgrade.name] == nil else { throw NoFix("\(key) names \(upgrade.name) already") }
        var proposal = following(
            upgrade, [path: [manifest.add(upgrade.name, "^\(upgrade.to)", to: key)]], step: step)
        proposal.risks = ["What brings \(upgrade.name) in was not tested with \(upgrade.to)."]
        proposal.steps.append(
            "Take the entry of \(key) out again when \(upgrade.via.first ?? "its parent") needs it no more.")
        return proposal
    }

    private func hasOtherLines(_ upgrade: Upgrade, _ tree: inout FixTree) -> Bool {
        guard upgrade.fileName != "yarn.lock", let bytes = tree.read(upgrade.path),
            let lock = try? JSONDocument(bytes, limits: .init(bytes: 128 << 20, values: 8_000_000))
        else { return upgrade.fileName != "yarn.lock" }
        for member in lock["packages"]?.members ?? lock.root.members
        where member.key.hasSuffix("node_modules/\(upgrade.name)") {
            if let version = member.value["version"]?.string, VersionRange.isMajor(version, upgrade.from) {
                return true
            }
        }
        return false
    }
}

/// `composer.json`
struct ComposerEditor: ManifestEditor {
    let lockfiles: Set<String> = ["composer.lock"]

    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal {
        let path = upgrade.folder + "composer.json"
        guard tree.has(path) else { throw NoFix("there is no \(path)") }
        let manifest = try JSONManifest(try tree.editable(path))
        var edits: [TextEdit] = []
        for group in ["require", "require-dev"] {
            guard let entry = manifest.document[group]?[upgrade.name], let range = entry.string else { continue }
            edits.append(manifest.replace(entry, try VersionRange.raised(range, to: upgrade.to, .packagist)))
        }
        guard !edits.isEmpty else { throw upgrade.transitive }
        return following(upgrade, [path: edits], step: "composer update \(upgrade.name) --with-dependencies")
    }
}
