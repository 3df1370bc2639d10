import JSON
import TestSupport
import Testing

struct NumberTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.000", 0), ("0e99999999999999999999", 0), ("7", 7), ("-7", -7), ("1e3", 1000),
        ("10.0", 10), ("1.5e1", 15), ("100e-2", 1), ("-1.20E+1", -12), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min), ("9.223372036854775807e18", Int.max),
        ("123456789012345678", 123_456_789_012_345_678),
        ("1000000000000000000000e-3", 1_000_000_000_000_000_000),
    ])
    func readsIntegersHoweverSpelled(_ spelling: String, _ value: Int) throws {
        #expect(JSONNumber(spelling: spelling)?.int == value)
        #expect(try JSONDocument(spelling).root.int == value)
    }

    @Test(arguments: [
        "1.5", "0.1", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "99999999999999999999", "1e400",
        "1e-400", "123456789012345678.5",
    ])
    func isNoInteger(_ spelling: String) throws {
        #expect(JSONNumber(spelling: spelling) != nil)
        #expect(JSONNumber(spelling: spelling)?.int == nil)
        #expect(try JSONDocument(spelling).root.int == nil)
    }

    @Test(arguments: ["", " 1", "1 ", "+1", "01", "1.", ".1", "1e", "0x1", "NaN", "inf", "١", "--1", "1\0"])
    func isNoSpelling(_ text: String) { #expect(JSONNumber(spelling: text) == nil) }

    @Test func comparesBySpelling() {
        #expect(JSONNumber(1) == JSONNumber(spelling: "1"))
        #expect(JSONNumber(1) != JSONNumber(spelling: "1.0"))
        #expect(JSONNumber(Int64.min).int == Int(Int64.min))
    }

    @Test func readsDoublesAsTheStandardLibraryDoes() throws {
        for spelling in [
            "0.1", "-0.0", "1", "123456789", "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308",
        ] {
            let double = try #require(JSONNumber(spelling: spelling)?.double)
            #expect(double.bitPattern == Double(spelling)?.bitPattern)
            #expect(try JSONDocument(spelling).root.double == double)
        }
    }

    /// RFC 8785, appendix B.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func spellsDoublesAsECMAScript(_ pattern: UInt64, _ spelling: String) {
        let double = Double(bitPattern: pattern)
        #expect(JSONNumber(double)?.spelling == spelling)
        var writer = JSONWriter()
        writer.double(double)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == spelling)
    }

    @Test func hasNoSpellingForWhatIsNotFinite() {
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSON(-Double.infinity) == nil)
        var writer = JSONWriter()
        writer.double(.nan)
        #expect(writer.bytes == [UInt8]("null".utf8))
    }

    @Test func readsBackEveryDoubleItSpells() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<50_000 {
            let double = Double(bitPattern: random.next())
            guard double.isFinite else { continue }
            let number = try #require(JSONNumber(double))
            #expect(number.double == double)
            #expect(JSONNumber(spelling: number.spelling) == number)
        }
    }
}
