import Core
import Testing

@testable import Privacy

/// By the default rules a web address stays, and what is nobody else's business in it does not.
@Suite struct WebAddressTests {
    private func concealed(_ text: String, _ longest: Int?) throws -> String {
        let filter = try StreamConcealerTests.filter(.default)
        let bytes = Array(text.utf8)
        guard let longest else {
            return String(decoding: try filter.conceal(bytes, vault: TokenVault()).text ?? bytes, as: UTF8.self)
        }
        var generator = SplitMix(state: 9)
        return try StreamConcealerTests.stream(cuts(bytes, &generator, longest: longest), filter).out
    }

    @Test(arguments: [
        "https://example.org/docs/page?tab=2&sort=asc#top", "http://localhost:8080/health", "www.example.org",
        "https://user:password@host/x", "https://app:${PASSWORD}@db.example.org/x", "https://example.org/a:b@c",
        "https://example.org:443/a, and http://example.com.",
    ])
    func plainOnesStay(_ text: String) throws {
        for longest in [nil, 1, 6, 50] { #expect(try concealed("at \(text) now", longest) == "at \(text) now") }
    }

    /// The part that must go, and the address around it.
    @Test(arguments: [
        ("hx72" + "kkQp", "https://svc:@db.example.org/x"), ("correct" + "horse", "https://svc:@db.example.org:5432"),
        ("hx72" + "kkQp", "redis://:@cache.example.org/0"), ("p%40ss" + "w0rt", "amqp://me:@[2001:db8::2]/q"),
        ("p@ss" + "w0rt", "ftp://me:@files.example.org"), ("z9", "https://a:@example.org"),
    ])
    func passwordsGo(_ password: String, _ address: String) throws {
        let text = address.replacing(":@", with: ":\(password)@")
        for longest in [nil, 1, 6, 50] {
            let out = try concealed("Take \(text) for it.", longest)
            #expect(!out.contains(password) && out.contains("[SECRET]") && out.hasSuffix(" for it."), "\(out)")
        }
    }

    @Test(arguments: [
        "jane.doe@example.org", "jane.doe%40example.org", "4111111111111111", "GB82WEST12345698765432", "219-09-9998",
        "%2B4930901820", "131052-308T", "192.0.2.17", "AKIA" + "Q3EGJXK5" + "NV7WZ4TB",
    ])
    func dataInAQueryGoes(_ value: String) throws {
        for address in [
            "https://example.org/a?q=\(value)&p=1", "https://example.org/u/\(value)", "www.example.org/?x=\(value)",
        ] {
            for longest in [nil, 1, 6, 50] {
                let out = try concealed("See \(address) there.", longest)
                #expect(!out.contains(value) && out.contains("example.org/"), "\(out)")
            }
        }
    }
}
