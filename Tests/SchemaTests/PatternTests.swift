import JSON
import Schema
import Testing

/// Where ECMA-262 and PCRE2 read an expression in two ways.
struct PatternTests {
    @Test(arguments: [
        (#"^\d$"#, "1", true), (#"^\d$"#, "\u{661}", false), (#"^\w+$"#, "a_9", true), (#"^\w$"#, "\u{e9}", false),
        (#"^\s$"#, "\u{feff}", true), (#"^\S$"#, "\u{e9}", true), (#"^a$"#, "a\n", false), (#"\u0041"#, "A", true),
        (#"^\ud83d\ude00$"#, "\u{1F600}", true), (#"^\p{Letter}$"#, "\u{e9}", true),
        (#"^\p{Script=Greek}$"#, "\u{3b1}", true),
        (#"^.$"#, "\u{2028}", false), (#"^.$"#, "\u{1F600}", true), (#"^[\d\-x]+$"#, "1-x", true),
        (#"\bé"#, "aé", true),
        (#"^\cA$"#, "\u{1}", true), (#"^[^\w]$"#, "é", true), (#"[]"#, "a", false), (#"^[^]$"#, "\n", true),
        (#"^\/$"#, "/", true), (#"^[[]$"#, "[", true), ("a.c", "xabcx", true),
    ]) func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try JSONSchema(["pattern": JSON(pattern)]).validate(JSON(text)).isEmpty == expected, "\(pattern)")
    }
}
