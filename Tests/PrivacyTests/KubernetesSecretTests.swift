import Core
import Testing

@testable import Privacy

/// Values of Kubernetes Secrets, whole and in streams, whatever the order of their members.
@Suite struct KubernetesSecretTests {
    private static let values = ["aHg3MmtrLVFwOS1aYTQx", "bm90LXRoYXQtb25lLTc3", "WnE5LTR0VC1yci1NNTU="]
    private static let short = "YWRtaW4="

    private static func data(_ indent: String = "") -> String {
        "\(indent)data:\n\(indent)  first: \(values[0])\n\(indent)  user: \(short)\n\n\(indent)  # a note\n"
            + "\(indent)  second: \"\(values[1])\"\n\(indent)  third: |\n\(indent)    \(values[2])\n"
    }

    private static let metadata = "metadata:\n  name: database\n  namespace: shop\n"
    private static let kind = "kind: " + "Secret\n"
    private static let prose = String(repeating: "Here is what you asked for, one object after the other. ", count: 12)

    static let texts: [String] = [
        "apiVersion: v1\n\(kind)\(metadata)\(data())type: Opaque\n", "apiVersion: v1\n\(data())\(kind)\(metadata)",
        "\(prose)\n\n```yaml\napiVersion: v1\n\(data())\(metadata)\(kind)```\n\(prose)", data() + kind,
        "items:\n- apiVersion: v1\n\(data("  "))  \(kind)",
    ]

    @Test(arguments: texts) func everyValueIsFound(_ text: String) throws {
        let filter = try StreamConcealerTests.filter(.default)
        let bytes = Array(text.utf8)
        let whole = try #require(try filter.conceal(bytes, vault: TokenVault()).text)
        for value in Self.values { #expect(!String(decoding: whole, as: UTF8.self).contains(value), "\(text)") }
        var generator = SplitMix(state: 17)
        for longest in [1, 5, 40, 700] {
            for _ in 0..<3 {
                let result = try StreamConcealerTests.stream(cuts(bytes, &generator, longest: longest), filter)
                for value in Self.values { #expect(!result.out.contains(value), "\(result.out)") }
                #expect(result.out.contains("type: Opaque") == text.contains("type: Opaque"))
            }
        }
    }

    /// What is no Secret's stays, also in a stream.
    @Test(arguments: [
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  greeting: aGVsbG8gdGhlcmUgeW91\n",
        "data:\n  mode: production12\n  region: centralnorth\n", "data:\n  - first\n  - second\nkind: ConfigMap\n",
        "data: {\"a\": \"aGVsbG8gdGhlcmUgeW91\"}\n\n",
    ])
    func othersStay(_ text: String) throws {
        let filter = try StreamConcealerTests.filter(.default)
        #expect(try filter.conceal(Array(text.utf8), vault: TokenVault()).text == nil)
        let result = try StreamConcealerTests.stream(text.utf8.map { [$0] }, filter)
        #expect(result.out == text)
    }

    /// As long as texts can be looked at at all: each value may be something encoded.
    @Test func longListsAreFoundToTheirEnd() throws {
        let filter = try StreamConcealerTests.filter(.default)
        let lines = (0..<50).map { "  key\($0): \(Self.values[$0 % 3])\n" }.joined()
        let bytes = Array(("apiVersion: v1\n" + Self.kind + "data:\n" + lines).utf8)
        var generator = SplitMix(state: 3)
        let result = try StreamConcealerTests.stream(cuts(bytes, &generator, longest: 64), filter)
        #expect(result.held <= 512)
        for value in Self.values { #expect(!result.out.contains(value)) }
        let whole = try #require(try filter.conceal(bytes, vault: TokenVault()).text)
        #expect(result.out == String(decoding: whole, as: UTF8.self))
    }
}
