import Scan

/// A package of a file, and the version that it should have.
struct Upgrade: Sendable {
    var ecosystem: String
    var name: String
    var from: String
    /// As the ecosystem spells versions in files.
    var to: String
    var line: Int
    var isDirect: Bool?
    /// From the project's own dependency to this one, by names.
    var via: [String]
    /// Of the file that names it.
    var path: String

    var fileName: String { String(path.split(separator: "/").last ?? "") }
    /// With a slash at its end; empty at the root.
    var folder: String { String(path.dropLast(fileName.count)) }
    var isTransitive: Bool { isDirect == false || isDirect == nil && via.count > 1 }

    /// Files of these names in the folder of the lockfile and below, but where a lockfile of their own is nearer.
    func manifests(_ names: Set<String>, in tree: FixTree) -> [String] {
        tree.paths.filter { path in
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            guard names.contains(name), path.hasPrefix(folder) else { return false }
            let own = path.dropLast(name.count)
            return own == folder[...] || !tree.has(own + fileName)
        }
    }

    /// The words for a package that something else brings in.
    var transitive: NoFix {
        guard via.count > 1, let first = via.first else {
            return NoFix("\(name) is not named by the project itself: raise what brings it in")
        }
        return NoFix("\(name) comes by \(via.joined(separator: " > ")): raise \(first) to a version that takes \(to)")
    }
}

/// Changes what a project asks for, so that its lockfile can have the safe version.
protocol ManifestEditor: Sendable {
    /// Names of the files, in lower case, whose findings it knows.
    var lockfiles: Set<String> { get }
    /// - Throws: why nothing can be changed for certain.
    func proposal(_ upgrade: Upgrade, in tree: inout FixTree) throws(NoFix) -> Proposal
}

extension ManifestEditor {
    /// A change of manifests, after which the lockfile is made anew.
    func following(_ upgrade: Upgrade, _ edits: [String: [TextEdit]], step: String) -> Proposal {
        Proposal(
            kind: .upgrade, title: "", edits: edits,
            steps: ["Make \(upgrade.path) anew: \(step). Until then the finding stays."],
            proof: .judged(version: upgrade.to))
    }
}
