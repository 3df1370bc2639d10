import JSON
import Testing

struct WriterTests {
    @Test func escapesOnlyWhatItMust() throws {
        let all = String(String.UnicodeScalarView((0...0x7F).compactMap { Unicode.Scalar($0 as UInt32) }))
        let text = JSON(all + "é€😀").text()
        #expect(text.contains(#"\u0000\u0001"#))
        #expect(text.contains(#"\u0007\b\t\n\u000b\f\r\u000e"#))
        #expect(text.contains(##" !\"#$%&'()*+,-./0"##))
        #expect(text.contains("[\\\\]"))
        #expect(text.hasSuffix("~\u{7f}é€😀\""))
        #expect(try JSON.parse(text).string == all + "é€😀")
    }

    @Test func escapesAtEveryPlaceOfAWord() throws {
        for length in 0..<20 {
            for place in 0..<max(1, length) {
                for character in ["\"", "\\", "\n", "\u{1}", "é", "😀"] {
                    let text =
                        String(repeating: "a", count: place) + character + String(repeating: "b", count: length - place)
                    #expect(try JSON.parse(JSON(text).bytes()) == JSON(text))
                    #expect(try JSONDocument(JSON(text).bytes()).root.string == text)
                }
            }
        }
    }

    @Test func streamsRecords() {
        var writer = JSONWriter()
        for number in 1...2 {
            writer.beginObject()
            writer.key("n")
            writer.int(number)
            writer.key("list")
            writer.beginArray()
            writer.bool(true)
            writer.null()
            writer.double(0.5)
            writer.number(JSONNumber(-3))
            writer.raw([UInt8](#"{"as":"is"}"#.utf8))
            writer.value(["x"])
            writer.beginArray()
            writer.endArray()
            writer.endArray()
            writer.key("text")
            writer.string("t")
            writer.endObject()
            writer.newline()
        }
        let line = #","list":[true,null,0.5,-3,{"as":"is"},["x"],[]],"text":"t"}"# + "\n"
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "{\"n\":1\(line){\"n\":2\(line)")
    }

    @Test func handsOverInParts() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.int(1)
        var out = writer.take()
        #expect(writer.bytes.isEmpty)
        writer.int(Int.min)
        writer.endArray()
        out += writer.take()
        #expect(String(decoding: out, as: UTF8.self) == "[1,-9223372036854775808]")
    }

    @Test func writesTextGivenAsBytes() {
        var writer = JSONWriter()
        [UInt8]("a\"b".utf8).withUnsafeBufferPointer { writer.string(utf8: $0) }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #""a\"b""#)
    }
}
