import Core
public import JSON

/// CycloneDX 1.6 (ECMA-424), as JSON.
extension SoftwareBill {
    public var cycloneDX: JSON {
        var subject: JSON = ["type": "application", "bom-ref": "subject", "name": .string(self.subject)]
        if let subjectVersion { subject["version"] = .string(subjectVersion) }
        var json: JSON = [
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX",
            "specVersion": "1.6", "serialNumber": .string("urn:uuid:\(uuid)"), "version": 1,
            "metadata": [
                "timestamp": .string(time),
                "tools": [
                    "components": [
                        ["type": "application", "name": "gatehouse", "version": .string(toolVersion)]
                    ]
                ],
                "component": subject,
            ],
            "components": .array(components.enumerated().map { Self.component($1, reference($0)) }),
            "dependencies": .array(relations),
            // Files tell one way to a package, not all of them.
            "compositions": [["aggregate": "incomplete", "dependencies": ["subject"]]],
        ]
        if !flaws.isEmpty { json["vulnerabilities"] = .array(flaws.map(vulnerability)) }
        return json
    }

    /// What identifies a component in the document: its place, since one package may be there twice.
    func reference(_ index: Int) -> String {
        components[index].purl.map { "\($0)#\(index + 1)" } ?? "component-\(index + 1)"
    }

    private static func component(_ component: Component, _ reference: String) -> JSON {
        var json: JSON = ["type": "library", "bom-ref": .string(reference), "name": .string(component.name)]
        json["version"] = .string(component.version)
        // Of a package whose group has a place of its own.
        if let purl = component.purl {
            json["name"] = .string(purl.name)
            if let namespace = purl.namespace { json["group"] = .string(namespace) }
            json["purl"] = .string(purl.description)
        }
        if component.isDevelopment { json["scope"] = "excluded" }
        if let license = component.license { json["licenses"] = [self.license(license)] }
        return json
    }

    private static func license(_ text: String) -> JSON {
        // The schema knows fewer of those with a plus sign than there are.
        if let identifier = SPDXLicense.identifier(text), !identifier.hasSuffix("+") {
            return ["license": ["id": .string(identifier)]]
        }
        if let expression = SPDXLicense.declared(text) { return ["expression": .string(expression)] }
        return ["license": ["name": .string(text)]]
    }

    private var relations: [JSON] {
        let direct = components.indices.filter { components[$0].isDirect == true }
        let own: JSON = ["ref": "subject", "dependsOn": .array(direct.map { .string(reference($0)) })]
        return [own]
            + components.indices.map { index in
                [
                    "ref": .string(reference(index)),
                    "dependsOn": .array(components[index].uses.sorted().map { .string(reference($0)) }),
                ]
            }
    }

    private func vulnerability(_ flaw: Flaw) -> JSON {
        var rating: JSON = ["severity": .string(flaw.severity.rawValue)]
        if let cvss = flaw.cvss {
            rating["score"] = JSON(cvss.scores.overall) ?? .null
            rating["vector"] = .string(cvss.vector)
            rating["method"] = .string(Self.methods[cvss.version] ?? "other")
        }
        var json: JSON = [
            "id": .string(flaw.id), "ratings": [rating], "description": .string(flaw.description),
            "recommendation": .string(flaw.recommendation),
            "affects": .array(flaw.affects.map { ["ref": .string(reference($0))] }),
        ]
        json["analysis"] =
            flaw.dismissal.map { ["state": "not_affected", "detail": .string($0)] } ?? ["state": "in_triage"]
        return json
    }

    private static let methods: [CVSS.Version: String] = [
        .v2: "CVSSv2", .v30: "CVSSv3", .v31: "CVSSv31", .v4: "CVSSv4",
    ]
}
