import JSON
import Testing

@Test func readsAndWrites() throws {
    let text = #"{"a":[1,2.50,-0,1e3],"b":{"c":"x\ny\"é😀"},"d":null,"e":true}"#
    let value = try JSON.parse(text)
    #expect(value.text() == text)
    #expect(value["a"]?[3]?.int == 1000)
    #expect(value["b"]?["c"]?.string == "x\ny\"é😀")
    #expect(throws: JSONError.self) { try JSON.parse("[1,]") }
}
