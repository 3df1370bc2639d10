import JSON
import Testing

struct ParserTests {
    @Test func readsEveryKindOfValue() throws {
        let value = try JSON.parse(sample)
        #expect(value["model"]?.string == "openai/gpt-5.4")
        #expect(value["n"]?.array?.compactMap(\.number?.spelling).last == "123456789012345678901234567890")
        #expect(value["messages"]?[0]?["content"]?.string == "Grüße 😀 \"quoted\" \\ / \u{8}\u{c}\n\r\t end")
        #expect(value["empty"] == [[:], [], ""])
        #expect(value["flags"] == [true, false, .null])
        #expect(value["key"]?["nested"]?["deeper"]?[0]?[0]?[0]?.int == 1)
        #expect(value.object?.keys.first == "model")
        #expect(value.object?.count == 12)
    }

    @Test(arguments: [
        "null", " true ", "\t\r\n false\n", "0", "-0", "\"\"", "[]", "{}", "[ ]", "{ }", "[[]]", "-0.0e-0", "1E+9",
        #""\u0000""#, #""\uD83D\uDE00""#, "\"\u{7f}\"", "\"\u{2028}\u{FEFF}\"", #"{"":{"":0}}"#, "\"\u{10FFFF}\"",
    ])
    func takes(_ text: String) { #expect(objection(text) == nil) }

    @Test(arguments: [
        ("", JSONError.Code.unexpectedEnd, 0), (" \n", .unexpectedEnd, 2), ("[1,]", .unexpectedCharacter, 3),
        (#"{"a":1,}"#, .unexpectedCharacter, 7), ("{,}", .unexpectedCharacter, 1), ("[,1]", .unexpectedCharacter, 1),
        ("[1 2]", .unexpectedCharacter, 3), (#"{"a" 1}"#, .unexpectedCharacter, 5), ("{1:2}", .unexpectedCharacter, 1),
        (#"{"a":}"#, .unexpectedCharacter, 5), ("[1}", .unexpectedCharacter, 2), ("{]", .unexpectedCharacter, 1),
        (#"{"a":1]"#, .unexpectedCharacter, 6), ("]", .unexpectedCharacter, 0), ("tru", .unexpectedEnd, 3),
        ("trux", .unexpectedCharacter, 3), ("nul\0", .unexpectedCharacter, 3), ("True", .unexpectedCharacter, 0),
        ("NaN", .unexpectedCharacter, 0), ("Infinity", .unexpectedCharacter, 0), ("-Infinity", .invalidNumber, 1),
        ("'a'", .unexpectedCharacter, 0), ("// c\n1", .unexpectedCharacter, 0), ("1 /* c */", .trailingContent, 2),
        ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0), ("+1", .unexpectedCharacter, 0),
        (".5", .unexpectedCharacter, 0), ("1.", .unexpectedEnd, 2), ("1.e3", .invalidNumber, 2),
        ("-", .unexpectedEnd, 1), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("[1e+]", .invalidNumber, 4),
        ("0x10", .trailingContent, 1),
        ("1_000", .trailingContent, 1), ("1 1", .trailingContent, 2), ("{}{}", .trailingContent, 2),
        ("null\0", .trailingContent, 4), ("\0", .unexpectedCharacter, 0), ("\u{A0}1", .unexpectedCharacter, 0),
        ("\u{FEFF}1", .byteOrderMark, 0), ("[\u{FEFF}1]", .unexpectedCharacter, 1),
        ("\"a", .unexpectedEnd, 0), ("\"a\nb\"", .controlCharacter, 2), ("\"\0\"", .controlCharacter, 1),
        ("\"\u{1f}\"", .controlCharacter, 1), (#""\x41""#, .invalidEscape, 1), (#""\u12g4""#, .invalidEscape, 1),
        (#""\u 123""#, .invalidEscape, 1), (#""\u+123""#, .invalidEscape, 1), (#""\"#, .unexpectedEnd, 1),
        (#""\u12"#, .unexpectedEnd, 1), (#""\'""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
    ])
    func refuses(_ text: String, _ code: JSONError.Code, _ offset: Int) {
        let error = objection(text)
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(arguments: [
        #""\uD800""#, #""\uDC00""#, #""\uD83D\uD83D""#, #""\uD83Dx""#, #""\uD83D\n""#, #""\uDE00\uD83D""#,
    ])
    func refusesLoneSurrogates(_ text: String) {
        #expect(objection(text)?.code == .loneSurrogate)
    }

    @Test func refusesAnEscapeCutShortAfterAHighSurrogate() {
        #expect(objection(#""\uD83D\u"#)?.code == .unexpectedEnd)
        #expect(objection(#""\uD83D\uZZZZ""#)?.code == .invalidEscape)
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"x":{"a":1,"b":2,"a":1}}"#, #"{"":1,"":2}"#,
        #"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"\u0031":0}"#,
    ])
    func refusesDuplicateKeys(_ text: String) throws {
        #expect(objection(text)?.code == .duplicateKey)
        let limits = JSON.Limits(allowsDuplicateKeys: true)
        #expect(try JSON.parse(text, limits: limits) == JSONDocument(text, limits: limits).value)
    }

    @Test func takesTheLastOfDuplicateKeysWhenAllowed() throws {
        let limits = JSON.Limits(allowsDuplicateKeys: true)
        let text = #"{"a":1,"b":2,"\u0061":3}"#
        #expect(try JSON.parse(text, limits: limits).text() == #"{"a":3,"b":2}"#)
        #expect(try JSONDocument(text, limits: limits)["a"]?.int == 3)
    }

    @Test func tellsCanonicallyEquivalentKeysApart() throws {
        let value = try JSON.parse("{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{e9}"]?.int == 1)
        #expect(value["e\u{301}"]?.int == 2)
        #expect(JSON("\u{e9}") != JSON("e\u{301}"))
    }

    @Test func placesErrorsByLineAndCharacter() {
        let error = objection("{\n  \"grüße\": \"😀\",\n  \"ü\": tru\n}")
        #expect(error?.line == 3)
        #expect(error?.column == 11)
        #expect(error?.description == "line 3, column 11: expected true, found 0x0A")
        #expect(objection("[1,\n2,\n]")?.description.hasPrefix("line 3, column 1: a comma before ']'") == true)
    }

    @Test func readsFromPartOfABuffer() throws {
        let bytes = [UInt8]("xx[1]yy".utf8)
        let value = try bytes.withUnsafeBytes { try JSON.parse(UnsafeRawBufferPointer(rebasing: $0[2..<5])) }
        #expect(value == [1])
        #expect(throws: JSONError.self) { try JSON.parse(UnsafeRawBufferPointer(start: nil, count: 0)) }
    }
}
