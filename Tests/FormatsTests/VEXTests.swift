import Core
import Formats
import JSON
import TestSupport
import Testing

@Suite struct VEXTests {
    @Test func openVEXIsReadAndWritten() throws {
        let text = """
            {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://x/1", "author": "A", "timestamp":
            "2026-01-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]},
            "products": [{"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:npm/a@1.0.0"}]}, "pkg:npm/b@2"],
            "status": "not_affected", "justification": "inline_mitigations_already_exist"}]}
            """
        let document = try VEXDocument(Array(text.utf8))
        let statement = try #require(document.statements.first)
        #expect(statement.vulnerabilities == ["CVE-1", "GHSA-1"])
        #expect(statement.products.map(\.description) == ["pkg:npm/a@1.0.0", "pkg:npm/b@2"])
        let written = document.openVEX(id: "https://x/2", time: Timestamp(seconds: 0))
        #expect(try VEXDocument(Array(written.text().utf8)) == document)
    }

    @Test func cycloneDXIsRead() throws {
        let text = """
            {"bomFormat": "CycloneDX", "components": [{"bom-ref": "r1", "purl": "pkg:npm/a@1"}], "vulnerabilities": [
            {"id": "CVE-1", "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
            "affects": [{"ref": "r1"}]}, {"id": "CVE-2", "affects": [{"ref": "r1"}]}]}
            """
        let document = try VEXDocument(Array(text.utf8))
        #expect(document.statements.count == 1)
        #expect(document.statements[0].justification == "vulnerable_code_not_in_execute_path")
        #expect(document.statements[0].products.map(\.description) == ["pkg:npm/a@1"])
    }

    @Test(arguments: [
        "", "{}", #"{"@context": "https://openvex.dev/ns/v0.2.0"}"#,
        #"{"@context": "https://openvex.dev/ns", "statements": [{"status": "fixed"}]}"#,
        #"{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "X", "status": "maybe"}]}"#,
        #"{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "X", "status": "not_affected"}]}"#,
        #"{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "X", "status": "not_affected", "justification": "because"}]}"#,
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect { try VEXDocument(Array(text.utf8)) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }
}

@Suite struct SoftwareBillTests {
    private static func bill() throws -> SoftwareBill {
        let component = SoftwareBill.Component(
            name: "@s/a", version: "1.0.0", purl: try PURL("pkg:npm/%40s/a@1.0.0"), license: "mit", isDirect: true,
            uses: [1])
        let other = SoftwareBill.Component(
            name: "b", version: "2", purl: try PURL("pkg:npm/b@2"), license: "Some License", isDevelopment: true)
        let third = SoftwareBill.Component(
            name: "c", version: "3", purl: nil,
            license: "(MIT OR apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0")
        let flaw = SoftwareBill.Flaw(
            id: "CVE-1", description: "bad", severity: .high,
            cvss: try CVSS("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"), recommendation: "Upgrade.", affects: [1],
            dismissal: nil)
        return SoftwareBill(
            subject: "repo", subjectVersion: "abc", created: Timestamp(seconds: 1_700_000_000), toolVersion: "1.0",
            identity: "0123456789abcdef0123456789abcdef", components: [component, other, third], flaws: [flaw])
    }

    @Test func cycloneDX() throws {
        let json = try Self.bill().cycloneDX
        #expect(json["serialNumber"] == "urn:uuid:01234567-89ab-8def-a123-456789abcdef")
        #expect(json["components"]?[0]?["group"] == "@s")
        #expect(json["components"]?[0]?["licenses"] == [["license": ["id": "MIT"]]])
        #expect(json["components"]?[1]?["licenses"] == [["license": ["name": "Some License"]]])
        #expect(
            json["components"]?[2]?["licenses"]?[0]?["expression"]
                == "(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0")
        #expect(json["dependencies"]?[1]?["dependsOn"] == ["pkg:npm/b@2#2"])
        #expect(json["vulnerabilities"]?[0]?["ratings"]?[0]?["method"] == "CVSSv31")
    }

    @Test func spdx() throws {
        let json = try Self.bill().spdx
        #expect(json["creationInfo"]?["created"] == "2023-11-14T22:13:20Z")
        #expect(json["packages"]?[2]?["licenseDeclared"] == "NOASSERTION")
        #expect(json["packages"]?[2]?["licenseComments"] == "declared as: Some License")
        let relations = json["relationships"]?.array ?? []
        #expect(relations.contains { $0["relationshipType"] == "DEV_DEPENDENCY_OF" })
        #expect(
            relations.contains { $0["relationshipType"] == "DEPENDS_ON" && $0["spdxElementId"] == "SPDXRef-package-1" })
    }

    @Test func billsAreReadBack() throws {
        for json in [try Self.bill().cycloneDX, try Self.bill().spdx] {
            let bill = try #require(ReadBill(try JSONDocument(json.text()).root))
            #expect(bill.entries.compactMap(\.purl).map(\.description) == ["pkg:npm/%40s/a@1.0.0", "pkg:npm/b@2"])
            #expect(bill.entries[0].license == "MIT")
        }
    }

    @Test(arguments: ["MIT OR", "(MIT", "MIT)", "MIT MIT", "nothing", "AND", ""]) func noExpressions(_ text: String) {
        #expect(SPDXLicense.expression(text) == nil)
    }
}
