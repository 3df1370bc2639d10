import TestSupport
import Testing
import Web

struct URIReferenceTests {
    /// RFC 3986, 5.4, and the bases that have no hierarchy.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g;x=1/../y", "http://a/b/c/y"),
    ]) func resolves(_ reference: String, _ expected: String) {
        let base = URIReference("http://a/b/c/d;p?q")
        #expect(URIReference(reference).resolved(against: base).text == expected)
    }

    @Test func resolvesWhereThereIsNoHierarchy() {
        #expect(URIReference("#x").resolved(against: URIReference("")).text == "#x")
        #expect(URIReference("a.json").resolved(against: URIReference("")).text == "a.json")
        #expect(URIReference("#/a").resolved(against: URIReference("urn:uuid:1")).text == "urn:uuid:1#/a")
        #expect(URIReference("/a").resolved(against: URIReference("http://h")).text == "http://h/a")
        #expect(URIReference("a").resolved(against: URIReference("http://h")).text == "http://h/a")
    }

    @Test func putsTogetherWhatItTookApart() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...16, using: &random)
            let text = String((0..<length).map { _ in "ab:/?#.%@é".randomElement(using: &random) ?? "a" })
            let reference = URIReference(text)
            #expect(reference.text == text)
            _ = reference.resolved(against: URIReference("http://a/b")).text
            _ = Percent.decode(text)
            #expect(Percent.decode(Percent.encode(text)) == text)
        }
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff"]) func refusesWhatIsNoEncoding(_ text: String) {
        #expect(Percent.decode(text) == nil)
    }
}
