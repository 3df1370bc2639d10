import JSON
import Testing

/// RFC 6901, with the document of its section 5.
struct PointerTests {
    @Test(
        arguments: [
            ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
            ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/foo", #"["bar","baz"]"#),
        ])
    func leadsToWhatTheRFCSays(_ text: String, _ expected: String) throws {
        let root = try JSON.parse(
            #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~0n":8}"#
                .replacing("m~0n", with: "m~n"))
        let pointer = try #require(JSONPointer(text))
        #expect(pointer.value(in: root)?.text() == expected)
        #expect(JSONPointer("")?.value(in: root) == root)
    }

    @Test func nothingIsNowhere() throws {
        let root = try JSON.parse(#"{"a":[1,[2]],"01":5}"#)
        for text in ["/b", "/a/2", "/a/-", "/a/01", "/a/-1", "/a/+1", "/a/1e0", "/a/0/0", "/a/99999999999999999999"] {
            #expect(JSONPointer(text)?.value(in: root) == nil, "\(text)")
        }
        #expect(JSONPointer("/01")?.value(in: root) == 5)
        for text in ["a", "a/b", "/~", "/~2", "/a~"] { #expect(JSONPointer(text) == nil, "\(text)") }
    }
}
