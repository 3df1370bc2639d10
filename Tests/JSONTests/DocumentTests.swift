import JSON
import Testing

struct DocumentTests {
    @Test func readsInPlace() throws {
        let document = try JSONDocument(sample)
        #expect(document.bytes == [UInt8](sample.utf8))
        #expect(document["model"]?.string == "openai/gpt-5.4")
        #expect(document["key"]?["nested"]?["deeper"]?[0]?[0]?[0]?.int == 1)
        #expect(document["messages"]?.count == 2)
        #expect(document["messages"]?.elements.compactMap { $0["role"]?.string } == ["user", "assistant"])
        #expect(document.root.count == 12)
        #expect(document.root.members.map(\.key).suffix(7) == ["key", "a", "b", "c", "d", "e", "f"])
        #expect(document.root.members.map { $0.value.kind }.prefix(3) == [.string, .array, .array])
        #expect(document["n"]?[2]?.number?.spelling == "2.50")
        #expect(document["flags"]?.elements.map(\.bool) == [true, false, nil])
        #expect(document["flags"]?[2]?.isNull == true)
        #expect(document["n"]?[7] == nil)
        #expect(document["n"]?[-1] == nil)
        #expect(document["none"] == nil)
        #expect(document["model"]?["x"] == nil)
        #expect(document["model"]?[0] == nil)
        #expect(document["model"]?.int == nil)
        #expect(document["n"]?.string == nil)
        #expect(document["n"]?.double == nil)
        #expect(document["model"]?.count == 0)
        #expect(try JSONDocument("[1]")[0]?.int == 1)
    }

    @Test func lendsTextsWithoutCopy() throws {
        let document = try JSONDocument(#"{"plain":"text é","escaped":"a\nb","n":1}"#)
        #expect(document["plain"]?.withUTF8 { Array($0) } == Array("text é".utf8))
        #expect(document["escaped"]?.withUTF8 { Array($0) } == Array("a\nb".utf8))
        #expect(document["n"]?.withUTF8 { Array($0) } == nil)
        let shared = document.bytes.withUnsafeBufferPointer { all in
            document["plain"]?.withUTF8 { $0.baseAddress == all.baseAddress.map { $0 + 10 } }
        }
        #expect(shared == true)
    }

    @Test func givesTheBytesOfEachValue() throws {
        let document = try JSONDocument(#" { "a" : [ 1 , 2.0 ] , "b" : "\u0041" } "#)
        #expect(document["a"].map { Array($0.rawBytes) } == Array("[ 1 , 2.0 ]".utf8))
        #expect(document["b"].map { Array($0.rawBytes) } == Array(#""\u0041""#.utf8))
        #expect(document.root.raw == 1..<document.bytes.count - 1)
    }

    @Test func listsEveryText() throws {
        let document = try JSONDocument(#"{"a":["x",{"b":"y\n"}],"c":1}"#)
        #expect(document.strings.compactMap(\.string) == ["a", "x", "b", "y\n", "c"])
        #expect(document.strings.filter { !$0.isKey }.compactMap(\.string) == ["x", "y\n"])
    }

    @Test func namesTheirPlaces() throws {
        let document = try JSONDocument(#"{"a":["x",{"b~/":"y"}],"é":[[],[{"":"z"}]]}"#)
        #expect(
            document.strings.map(\.pointer) == ["/a", "/a/0", "/a/1/b~0~1", "/a/1/b~0~1", "/é", "/é/1/0/", "/é/1/0/"])
        #expect(document.root.pointer == "")
        #expect(document["é"]?[1]?[0]?.pointer == "/é/1/0")
    }

    @Test func agreesWithTheValueAtEveryPlace() throws {
        func check(_ view: JSONView, _ value: JSON) throws {
            #expect(view.value == value)
            #expect(view.kind == value.kind)
            #expect(view.string == value.string)
            #expect(view.int == value.int)
            #expect(view.double == value.double)
            #expect(view.bool == value.bool)
            #expect(view.number == value.number)
            #expect(try JSON.parse(Array(view.rawBytes)) == value)
            for (element, expected) in zip(view.elements, value.array ?? []) { try check(element, expected) }
            for (member, expected) in zip(view.members, value.object ?? [:]) {
                #expect(member.key == expected.key)
                try check(member.value, expected.value)
                #expect(view[member.key]?.raw == member.value.raw)
            }
        }
        try check(JSONDocument(sample).root, JSON.parse(sample))
    }

    @Test func replacesAndKeepsAllElse() throws {
        let text = #" { "model" : "a" , "other":[1.50,  {"x":"\u0041"}], "list":[{"content":"hi"},{"content":1}] } "#
        let document = try JSONDocument(text)
        let messages = try #require(document["list"])
        let contents = messages.elements.compactMap { $0["content"] }
        let model = try #require(document["model"])
        let changed = document.replacing([
            (contents[1], [UInt8](#""HO HO""#.utf8)), (model, [UInt8](#""b""#.utf8)),
            (contents[0], [UInt8]("null".utf8)),
        ])
        let expected =
            #" { "model" : "b" , "other":[1.50,  {"x":"\u0041"}], "list":[{"content":null},{"content":"HO HO"}] } "#
        #expect(String(decoding: changed, as: UTF8.self) == expected)
        #expect(document.replacing([(JSONView, [UInt8])]()) == document.bytes)
    }

    @Test func replacesTheOuterOfOverlappingValues() throws {
        let document = try JSONDocument(#"{"a":{"b":1},"c":2}"#)
        let outer = try #require(document["a"])
        let inner = try #require(outer["b"])
        let changed = document.replacing([(inner, [0x39]), (outer, [0x37]), (outer, [0x38])])
        #expect(String(decoding: changed, as: UTF8.self) == #"{"a":7,"c":2}"#)
    }

    @Test func insertsByRange() throws {
        let document = try JSONDocument(#"{"a":1}"#)
        let end = document.root.raw.upperBound - 1
        let changed = document.replacing([
            (end..<end, [UInt8](#","b":2"#.utf8)), (end..<end, [UInt8](#","c":3"#.utf8)), (5..<6, [UInt8]("9".utf8)),
        ])
        #expect(String(decoding: changed, as: UTF8.self) == #"{"a":9,"b":2,"c":3}"#)
    }

    @Test func refusesWhatTheParserRefuses() {
        for text in ["", "[1,]", #"{"a":1,"a":1}"#, "\u{FEFF}1", #""\ud800""#] {
            let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
            #expect(error == objection(text))
        }
    }
}
