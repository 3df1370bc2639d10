import Core
import Formats
import TestSupport
import Testing

@Suite struct PURLTests {
    @Test func partsAreNormalisedByTheirType() throws {
        let purl = try PURL("pkg://PYPI/Django_Rest@1.0.DEV1?b=2&a=x%2Fy&c=#./lib//../src")
        #expect(purl.type == "pypi")
        #expect(purl.name == "django-rest")
        #expect(purl.version == "1.0.dev1")
        #expect(purl.qualifiers == ["a": "x/y", "b": "2"])
        #expect(purl.subpath == "lib/src")
        #expect(purl.description == "pkg:pypi/django-rest@1.0.dev1?a=x%2Fy&b=2#lib/src")
    }

    @Test func scopesAreEncoded() throws {
        let purl = try PURL(type: "npm", namespace: "@angular", name: "core", version: "1.0.0+b")
        #expect(purl.description == "pkg:npm/%40angular/core@1.0.0%2Bb")
        #expect(try PURL(purl.description) == purl)
        #expect(try PURL("pkg:npm/@angular/core@1.0.0%2Bb") == purl)
    }

    @Test(arguments: [
        "", "npm/a", "pkg:npm", "pkg:npm/", "pkg:/a", "pkg:1x/a", "pkg:npm/a@%zz", "pkg:npm/a?Key=1",
        "pkg:npm/a?k=1&k=2",
        "pkg:npm/a%2Fb/c", "pkg:cargo/ns/a", "pkg:maven/a", "pkg:npm/a@%ff",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect { try PURL(text) } throws: { ($0 as? GatehouseError)?.code == .invalid }
    }

    @Test func aTextTooLongIsRefused() {
        #expect { try PURL("pkg:npm/" + String(repeating: "a", count: 9_000)) } throws: {
            ($0 as? GatehouseError)?.code == .tooLarge
        }
    }

    /// What is read is written so that it reads the same.
    @Test func mutatedTexts() throws {
        var random = SeededRandom(seed: 5)
        let seeds = ["pkg:npm/%40a/b@1.0?x=y#z/w", "pkg:maven/g.h/a@1?type=jar", "pkg:golang/a.b/c/d@v1.2.3"]
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let purl = try? PURL(String(decoding: bytes, as: UTF8.self)) else { continue }
            accepted += 1
            #expect(try PURL(purl.description) == purl, "\(purl)")
        }
        #expect(accepted > 1_000)
    }
}
