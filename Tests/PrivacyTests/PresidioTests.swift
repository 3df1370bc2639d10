import Core
import JSON
import Testing

@testable import Privacy

@Suite struct PresidioTests {
    static let text = Array("Grüße 🙂 an Zoë Müller, z@x.org".utf8)

    @Test func asks() throws {
        let request = try PresidioExchange.request(for: Self.text, language: "de", threshold: 0.5, entities: ["PERSON"])
        #expect(request["text"]?.string == String(decoding: Self.text, as: UTF8.self))
        #expect(request["language"]?.string == "de")
        #expect(request.text().contains("\"score_threshold\":0.5"))
        #expect(throws: GatehouseError.self) { try PresidioExchange.request(for: [0xff, 0x41]) }
    }

    /// Offsets count code points: the emoji is one, `ü` is one.
    @Test func mapsOffsets() throws {
        let answer = try JSON.parse(
            #"[{"entity_type":"PERSON","start":11,"end":21,"score":0.85},{"entity_type":"NRP","start":0,"end":5,"score":1}]"#
        )
        let findings = try PresidioExchange.findings(in: answer, for: Self.text)
        #expect(String(decoding: Self.text[findings[0].range], as: UTF8.self) == "Zoë Müller")
        #expect(findings.map(\.kind) == [.person, PrivacyKind("NRP")])
        let filter = PrivacyFilter(scanner: try PrivacyScanner([]))
        let result = try filter.conceal(Self.text, vault: TokenVault(), external: findings)
        #expect(result.text.map { String(decoding: $0, as: UTF8.self) } == "<NRP_1> 🙂 an <PERSON_1>, z@x.org")
        #expect(result.labels == [.pii])
    }

    @Test(arguments: [
        "{}", "[1]", #"[{"entity_type":"PERSON","start":11,"end":200,"score":0.85}]"#,
        #"[{"entity_type":"PERSON","start":5,"end":5,"score":0.85}]"#,
        #"[{"entity_type":"PERSON","start":-1,"end":5,"score":1}]"#,
        #"[{"entity_type":"PERSON","start":1,"end":5,"score":7}]"#, #"[{"start":1,"end":5,"score":0.7}]"#,
        #"[{"entity_type":"PERSON","start":1e30,"end":5,"score":0.7}]"#,
    ])
    func failsClosed(answer: String) throws {
        let error = #expect(throws: GatehouseError.self) {
            try PresidioExchange.findings(in: JSON.parse(answer), for: Self.text)
        }
        #expect(error?.code == .unavailable)
    }
}
