import Config
import JSON
import Testing

@Suite struct SchemaTests {
    @Test func theJSONSchemaSaysWhatTheReaderDoes() throws {
        let schema = Fixture.schema.jsonSchema()
        #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["additionalProperties"]?.bool == false)
        let workers = try #require(schema["properties"]?["server"]?["anyOf"]?[0]?["properties"]?["workers"])
        #expect(workers["default"]?.int == 4)
        #expect(workers["anyOf"]?[0]?["anyOf"]?[0]?["maximum"]?.int == 64)
        let agents = try #require(schema["properties"]?["agents"]?["anyOf"]?.array)
        #expect(agents.contains { $0["pattern"]?.string == "^file:" })
        #expect(try JSON.parse(schema.bytes()) == schema)
    }

    @Test func theReferencePageNamesEveryKey() {
        let page = Fixture.schema.reference()
        for key in [
            "`listen`", "`workers`", "`NAME.retention`", "`NAME.models`", "## `mcpServers`", "use workers", "`90_days`",
        ] {
            #expect(page.contains(key), "\(key)")
        }
        #expect(page.contains("| `workers` | integer 1–64 | `4` | Threads. |"))
    }

    @Test(
        arguments: [
            ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("1h30m", 5_400_000),
            ("90_days", 7_776_000_000),
            ("1_year", 31_536_000_000), ("2 weeks", 1_209_600_000), ("7d", 604_800_000), ("0", 0),
        ] as [(String, Int64)])
    func durations(text: String, milliseconds: Int64) {
        #expect(Units.duration(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "5", "-5s", "5 fortnights", "s", "1.5h", "99999999999999999999s", "9999999999y", "5s x", "_", "5__",
    ])
    func noDurations(text: String) {
        #expect(Units.duration(text) == nil)
    }

    @Test func sizesAndMoney() {
        #expect(Units.bytes("512") == 512)
        #expect(Units.bytes("64KiB") == 65_536)
        #expect(Units.bytes("10 MB") == 10_000_000)
        #expect(Units.bytes("9999999999GiB") == nil)
        #expect(Units.bytes("10 XB") == nil)
        #expect(Units.money("12.50 EUR") == Money(micros: 12_500_000, currency: "EUR"))
        #expect(Units.money("$0.000001") == Money(micros: 1, currency: "USD"))
        #expect(Units.money("0.0000001 EUR") == nil)
        #expect(Units.money("5") == nil)
        #expect(Money(micros: 12_500_000, currency: "EUR").description == "12.50 EUR")
        #expect(Money(micros: 1, currency: "USD").description == "0.000001 USD")
    }
}
