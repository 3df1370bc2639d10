import Testing
import Web

struct HeaderValueTests {
    @Test func readsWordAndParameters() throws {
        let value = try #require(HeaderValue("Form-Data; name=\"a;\\\"b\" ; FileName=x.mp3"))
        #expect(value.word == "form-data")
        #expect(value["name"] == "a;\"b")
        #expect(value["filename"] == "x.mp3")
        #expect(value["other"] == nil)
    }

    @Test(arguments: ["a; b", "a; b=1; B=2", "a; b=\"open", "a b", "a; =1", "a; b=\"x\"y", "a; b=\"x\\"])
    func whatCouldBeReadTwoWaysIsNone(_ text: String) { #expect(HeaderValue(text) == nil) }
}
