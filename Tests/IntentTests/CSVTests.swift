import Core
import Intent
import Testing

@Suite struct CSVTests {
    private func rows(_ text: String) throws -> [LabelledText] { try LabelledTexts(csv: Array(text.utf8)).rows }

    private func error(_ bytes: [UInt8]) -> GatehouseError? {
        do {
            _ = try LabelledTexts(csv: bytes)
            return nil
        } catch { return error as? GatehouseError }
    }

    @Test func readsQuotedFieldsWithCommasQuotesAndLineEnds() throws {
        let found = try rows("text,intent\r\n\"one, \"\"two\"\"\r\nthree\",a\r\nfour,b\r\n")
        #expect(
            found == [
                LabelledText("one, \"two\"\r\nthree", intent: "a", line: 2), LabelledText("four", intent: "b", line: 4),
            ])
    }

    @Test func endsLinesInAnyOfThreeWaysAndPassesBlankOnesOver() throws {
        #expect(try rows("a,x\n\n\nb,y").map(\.line) == [1, 4])
        #expect(try rows("a,x\rb,y\r").map(\.line) == [1, 2])
        #expect(try rows("\u{FEFF}text,intent\r\n\r\na,x").map(\.line) == [3])
    }

    @Test(arguments: [
        "text,intent\nhello,greet", "intent,text\ngreet,hello", "id,Label, Utterance\n7,greet,hello",
        "category,query\ngreet,hello", "hello,greet",
    ])
    func findsColumnsByTheirNames(_ file: String) throws {
        let found = try rows(file)
        #expect(found.map(\.text) == ["hello"] && found.map(\.intent) == ["greet"])
    }

    @Test func trimsTheNamesOfIntentsAndNotTexts() throws {
        let found = try rows("text,intent\n  a b , greet\t\n")
        #expect(found.first?.text == "  a b " && found.first?.intent == "greet")
    }

    @Test(arguments: [
        ("text,intent\na,x\nb\n", "line 3: fields: 1"), ("text,intent\na,x\nyes, please,y", "line 3: fields: 3"),
        ("text,intent\na, \n", "line 2: the intent is empty"),
        ("text,intent\n\"a,x\n", "line 2: a quoted field begins"),
        ("a,x\n\"b\"c,y\n", "line 2: text follows"), ("", "no rows"), ("text,intent\n", "a header and no rows"),
    ])
    func saysWhatIsWrongAndWhere(_ file: String, _ message: String) throws {
        let found = try #require(error(Array(file.utf8)))
        #expect(found.message.contains(message), "\(found)")
        #expect(found.code == .invalid && found.hint != nil)
    }

    @Test func refusesWhatIsNotUTF8() throws {
        let found = try #require(error(Array("text,intent\na".utf8) + [0xFF] + Array(",x\n".utf8)))
        #expect(found.message == "line 2: not UTF-8")
    }

    @Test func holdsItsLimits() throws {
        let long = String(repeating: "a", count: 70_000)
        #expect(error(Array("\(long),x".utf8))?.code == .tooLarge)
        #expect(error(Array("a,\(long.prefix(300))".utf8))?.code == .tooLarge)
        #expect(error(Array(String(repeating: ",", count: 300).utf8))?.code == .tooLarge)
        var limits = LabelledTexts.Limits()
        limits.rows = 2
        #expect(throws: GatehouseError.self) { try LabelledTexts(csv: Array("a,x\nb,x\nc,x".utf8), limits: limits) }
        limits.bytes = 3
        #expect(throws: GatehouseError.self) { try LabelledTexts(csv: Array("a,x\n".utf8), limits: limits) }
    }
}
