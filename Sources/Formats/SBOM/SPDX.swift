public import JSON

/// SPDX 2.3 (ISO/IEC 5962), as JSON.
extension SoftwareBill {
    public var spdx: JSON {
        let root = "SPDXRef-subject"
        var subject: JSON = Self.package(root, subject, subjectVersion, purl: nil, license: nil)
        subject["primaryPackagePurpose"] = "APPLICATION"
        let packages = components.enumerated().map { index, component in
            Self.package(
                Self.identifier(index), component.name, component.version, purl: component.purl,
                license: component.license)
        }
        return [
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": .string(self.subject),
            "documentNamespace": .string("https://gatehouse.invalid/spdx/\(uuid)"),
            "creationInfo": [
                "created": .string(time), "creators": [.string("Tool: gatehouse-\(toolVersion)")],
            ],
            "packages": .array([subject] + packages), "relationships": .array(relationships(root)),
        ]
    }

    private static func identifier(_ index: Int) -> String { "SPDXRef-package-\(index + 1)" }

    private static func package(
        _ id: String, _ name: String, _ version: String?, purl: PURL?, license: String?
    ) -> JSON {
        var json: JSON = [
            "SPDXID": .string(id), "name": .string(name), "downloadLocation": "NOASSERTION", "filesAnalyzed": false,
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": .string(license.flatMap(SPDXLicense.declared) ?? "NOASSERTION"),
            "copyrightText": "NOASSERTION",
        ]
        if let version { json["versionInfo"] = .string(version) }
        if let license, SPDXLicense.declared(license) != license {
            json["licenseComments"] = .string("declared as: \(license)")
        }
        if let purl {
            json["externalRefs"] = [
                [
                    "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                    "referenceLocator": .string(purl.description),
                ]
            ]
        }
        return json
    }

    private func relationships(_ root: String) -> [JSON] {
        func relation(_ from: String, _ kind: String, _ to: String) -> JSON {
            ["spdxElementId": .string(from), "relationshipType": .string(kind), "relatedSpdxElement": .string(to)]
        }
        var all = [relation("SPDXRef-DOCUMENT", "DESCRIBES", root)]
        for (index, component) in components.enumerated() {
            let id = Self.identifier(index)
            if component.isDevelopment {
                all.append(relation(id, "DEV_DEPENDENCY_OF", root))
            } else {
                all.append(relation(root, component.isDirect == true ? "DEPENDS_ON" : "CONTAINS", id))
            }
            for other in component.uses.sorted() { all.append(relation(id, "DEPENDS_ON", Self.identifier(other))) }
        }
        return all
    }
}
