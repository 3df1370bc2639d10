import Formats

/// Files of a tree that hold VEX documents.
enum VEXFile {
    static func isNamed(_ path: String) -> Bool {
        let name = (path.split(separator: "/").last ?? "").lowercased()
        return name.hasSuffix(".openvex.json") || name.hasSuffix(".vex.json") || name == "vex.json"
            || name == "openvex.json"
    }
}

/// What VEX documents say of packages. A statement counts where it names the package, with its version or with none.
struct VEXStatements: Sendable {
    private var byPackage: [String: [VEXDocument.Statement]] = [:]

    mutating func add(_ document: VEXDocument) {
        for statement in document.statements {
            for product in statement.products { byPackage[Self.key(product), default: []].append(statement) }
        }
    }

    /// The last one said, as later statements replace earlier ones.
    func statement(on purl: PURL, names: [String]) -> VEXDocument.Statement? {
        byPackage[Self.key(purl)]?.last { statement in
            !Set(statement.vulnerabilities).isDisjoint(with: names)
                && statement.products.contains { product in
                    Self.key(product) == Self.key(purl) && (product.version == nil || product.version == purl.version)
                }
        }
    }

    private static func key(_ purl: PURL) -> String { "\(purl.type)/\(purl.namespace ?? "")/\(purl.name)" }
}
