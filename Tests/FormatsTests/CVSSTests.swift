import Core
import Formats
import TestSupport
import Testing

@Suite struct CVSSTests {
    /// Vectors and scores from FIRST's own documents: the guides' examples (v2.0, v3.1) and the specification of 4.0.
    @Test(arguments: [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", 6.4),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", 9.2),
        ("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", 6.2),
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:U/RL:O/RC:U", 8.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 0),
    ])
    func published(_ vector: String, _ score: Double) throws {
        #expect(try CVSS(vector).scores.overall == score)
    }

    @Test func groupsThatSayNothingHaveNoScoreInVersion2() throws {
        let scores = try CVSS("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:ND/CDP:ND").scores
        #expect(scores.temporal == nil)
        #expect(scores.environmental == nil)
    }

    @Test func theScaleHasFiveSteps() {
        let steps: [(Double, Severity)] = [
            (0, .info), (0.1, .low), (3.9, .low), (4, .medium), (6.9, .medium), (7, .high), (8.9, .high),
            (9, .critical),
        ]
        for (score, severity) in steps { #expect(CVSS.severity(of: score) == severity) }
    }

    @Test(arguments: [
        "", "CVSS:3.1/", "CVSS:2.0/AV:N", "CVSS:5.0/AV:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "CVSS:4.0/AV:N/AC:L/Au:N", "AV:N/AC:L/Au:N/C:N/I:N/A:C/ZZ:X",
    ])
    func whatIsNoneIsRefused(_ vector: String) {
        #expect { try CVSS(vector) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    /// Whatever is accepted has scores in range, and the order of the metrics does not matter.
    @Test func mutatedVectors() throws {
        var random = SeededRandom(seed: 9)
        let seeds = [
            "AV:N/AC:L/Au:N/C:P/I:P/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H",
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N/E:P/MS:U/MC:H/CR:L",
            "CVSS:4.0/AV:A/AC:H/AT:P/PR:L/UI:P/VC:L/VI:H/VA:N/SC:L/SI:H/SA:N/MSI:S/CR:M/E:P",
        ]
        var accepted = 0
        for _ in 0..<15_000 {
            var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let letter = Array("NLHPAUCXRMS".utf8).randomElement(using: &random) ?? 0
                bytes[Int.random(in: bytes.indices, using: &random)] = letter
            }
            guard let cvss = try? CVSS(String(decoding: bytes, as: UTF8.self)) else { continue }
            accepted += 1
            #expect((0...10).contains(cvss.scores.overall), "\(cvss.vector)")
            let prefix = cvss.version == .v2 ? "" : "CVSS:\(cvss.version.rawValue)/"
            let shuffled = cvss.metrics.shuffled(using: &random).map { "\($0):\($1)" }.joined(separator: "/")
            #expect(try CVSS(prefix + shuffled).scores == cvss.scores)
        }
        #expect(accepted > 400)
    }
}
