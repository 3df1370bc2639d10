import JSON
import TestSupport
import Testing

struct DecimalTests {
    private func decimal(_ text: String) throws -> Decimal { try #require(JSONNumber(spelling: text)).decimal }

    @Test func ordersByValue() throws {
        let ascending = ["-1e30", "-12", "-1.5", "-1e-9", "0", "1e-9", "0.5", "1", "1.25", "9", "10", "1e18", "1e300"]
        let values = try ascending.map(decimal)
        for (left, right) in zip(values, values.dropFirst()) {
            #expect(left < right)
            #expect(!(right < left))
        }
        #expect(try decimal("-0") == decimal("0.00e7"))
        #expect(try !(decimal("10") < decimal("1e1")))
    }

    @Test(arguments: [
        ("10", "2.5", true), ("0.3", "0.1", true), ("0.35", "0.1", false), ("1e308", "0.5", true), ("-9", "3", true),
        ("1e40", "7", false), ("7e40", "7", true), ("0", "0.3", true), ("12391239123", "1e-8", true), ("1", "3", false),
    ]) func knowsMultiples(_ value: String, _ step: String, _ expected: Bool) throws {
        #expect(try decimal(value).isMultiple(of: decimal(step)) == expected)
    }

    @Test func spellsEachNumberInOneWay() throws {
        #expect(try decimal("1.50e2").description == "150")
        #expect(try decimal("-0.00250").description == "-0.0025")
        #expect(try decimal("-12.5").description == "-12.5")
        #expect(try decimal("1e40").description == "1e40")
        var random = SeededRandom(seed: 9)
        for _ in 0..<2_000 {
            let text = "\(Int.random(in: -9_999...9_999, using: &random))e\(Int.random(in: -25...25, using: &random))"
            let value = try decimal(text)
            #expect(try decimal(value.description) == value)
        }
    }
}
