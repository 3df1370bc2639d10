internal import Core
internal import Rego

/// A path below `data` with all that lies below it.
struct Root: Hashable, Comparable, CustomStringConvertible {
    let steps: [String]

    /// `a/b`; slashes at either end do not count, and the empty text is everything.
    init(_ text: String) { steps = text.split(separator: "/").map(String.init) }

    /// With slashes, as manifests write it.
    var description: String { steps.joined(separator: "/") }
    /// For messages: the root of everything has no name of its own.
    var name: String { steps.isEmpty ? "\"\" (everything)" : description }

    static func < (left: Root, right: Root) -> Bool { left.steps.lexicographicallyPrecedes(right.steps) }

    func covers(_ path: [String]) -> Bool { path.starts(with: steps) }
    func overlaps(_ other: Root) -> Bool { covers(other.steps) || other.covers(steps) }
    /// Whether something at the path would lie in this root or hold it.
    func touches(_ path: [String]) -> Bool { covers(path) || steps.starts(with: path) }
}

extension Bundle.Manifest {
    var ownedRoots: [Root] { roots.map { Root($0) } }

    /// Roots within one manifest are apart from each other.
    func checkRoots() throws(GatehouseError) {
        // In order, a root comes right before those within it.
        let owned = ownedRoots.sorted()
        for (other, root) in zip(owned, owned.dropFirst()) where other.overlaps(root) {
            throw GatehouseError(
                "policy", .invalid, "the roots \(other.name) and \(root.name) of the manifest overlap",
                hint: "Name the wider one only.")
        }
    }
}

extension Bundle {
    /// Whether all data lies under the roots: each root may hold anything, what leads to it only objects.
    func checkData() throws(GatehouseError) {
        guard case .object(let object) = data else {
            throw GatehouseError("policy", .invalid, "the data of a bundle is no object but \(data.typeName)")
        }
        try check(object, at: [], manifest.ownedRoots)
    }

    private func check(_ object: RegoObject, at path: [String], _ roots: [Root]) throws(GatehouseError) {
        if roots.contains(where: { $0.covers(path) }) { return }
        for (key, value) in object {
            guard let name = key.text else {
                throw GatehouseError(
                    "policy", .invalid, "the data at \(path.joined(separator: "/")) has a key that is no text")
            }
            let inner = path + [name]
            if roots.contains(where: { $0.covers(inner) }) { continue }
            guard case .object(let below) = value, roots.contains(where: { $0.touches(inner) }) else {
                throw Bundle.outside(roots, "the data at \(inner.joined(separator: "/")) lies")
            }
            try check(below, at: inner, roots)
        }
    }

    static func outside(_ roots: [Root], _ what: String) -> GatehouseError {
        GatehouseError(
            "policy", .invalid, "\(what) outside the bundle's roots (\(roots.map(\.name).joined(separator: ", ")))",
            hint: "Add its path to `roots` in .manifest, or leave it out.")
    }
}
