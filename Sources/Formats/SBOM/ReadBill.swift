public import JSON

/// The components that a bill in CycloneDX or SPDX (both JSON) names.
public struct ReadBill: Sendable {
    public struct Entry: Sendable, Hashable {
        public var name: String
        /// Nil where it has none, or none that can be read.
        public var purl: PURL?
        public var license: String?
        /// Bytes before it in the document.
        public var offset: Int
    }

    public var entries: [Entry]

    private static let maximumDepth = 32

    /// Nil where the document is neither.
    public init?(_ root: JSONView) {
        entries = []
        if root["bomFormat"]?.string == "CycloneDX" {
            if let components = root["components"] { add(components, depth: 0) }
        } else if root["spdxVersion"]?.string?.hasPrefix("SPDX-2.") == true {
            addPackages(root)
        } else {
            return nil
        }
    }

    /// Components may hold others.
    private mutating func add(_ components: JSONView, depth: Int) {
        for component in components.elements {
            // What is a file or a model is no package.
            let kind = component["type"]?.string ?? ""
            if ["library", "framework", "application", "operating-system", ""].contains(kind) {
                entries.append(
                    Entry(
                        name: component["name"]?.string ?? "",
                        purl: component["purl"]?.string.flatMap { try? PURL($0, foldingKeys: true) },
                        license: Self.license(component),
                        offset: component.raw.lowerBound))
            }
            if depth < Self.maximumDepth, let inner = component["components"] { add(inner, depth: depth + 1) }
        }
    }

    /// Of several, all hold.
    private static func license(_ component: JSONView) -> String? {
        let all = component["licenses"]?.elements.compactMap { entry in
            entry["expression"]?.string ?? entry["license"]?["id"]?.string ?? entry["license"]?["name"]?.string
        }
        guard let all, all.count > 1 else { return all?.first }
        return all.map { $0.contains(" ") ? "(\($0))" : $0 }.joined(separator: " AND ")
    }

    private mutating func addPackages(_ root: JSONView) {
        let described = Set(root["documentDescribes"]?.elements.compactMap(\.string) ?? [])
        let relations = root["relationships"]?.elements.filter { $0["relationshipType"]?.string == "DESCRIBES" }
        let roots = described.union((relations ?? []).compactMap { $0["relatedSpdxElement"]?.string })
        for package in root["packages"]?.elements.map(\.self) ?? [] {
            let locator = package["externalRefs"]?.elements.first { $0["referenceType"]?.string == "purl" }
            let purl = locator?["referenceLocator"]?.string.flatMap { try? PURL($0, foldingKeys: true) }
            // What the document is about is no part of it.
            if purl == nil, roots.contains(package["SPDXID"]?.string ?? "") { continue }
            let license = package["licenseDeclared"]?.string
            entries.append(
                Entry(
                    name: package["name"]?.string ?? "", purl: purl,
                    license: license == "NOASSERTION" || license == "NONE" ? nil : license,
                    offset: package.raw.lowerBound))
        }
    }
}
