import JSON
import TestSupport
import Testing

struct CanonicalTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSON.parse(text).canonicalBytes(), as: UTF8.self)
    }

    /// RFC 8785, section 3.2.2, with the bytes of section 3.2.4.
    @Test func agreesWithTheExampleOfTheRFC() throws {
        let input = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try canonical(input) == expected)
        let tail: [UInt8] = [
            0x24, 0x5c, 0x75, 0x30, 0x30, 0x30, 0x66, 0x5c, 0x6e, 0x41, 0x27, 0x42, 0x5c, 0x22, 0x5c, 0x5c, 0x5c, 0x5c,
            0x5c, 0x22, 0x2f, 0x22, 0x7d,
        ]
        #expect(try JSON.parse(input).canonicalBytes().suffix(tail.count).elementsEqual(tail))
    }

    /// RFC 8785, section 3.2.3.
    @Test func ordersKeysByUTF16() throws {
        let value = try JSON.parse(
            #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#)
        let ordered = try JSON.parse(value.canonicalBytes())
        #expect(
            ordered.object?.compactMap(\.value.string) == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test func ordersKeysAsTheStandardLibraryOrdersUTF16() throws {
        let pool: [Unicode.Scalar] = [
            "\0", "a", "b", "é", "\u{7FF}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "😀",
        ]
        var random = SeededRandom(seed: 3)
        for _ in 0..<300 {
            var object = JSONObject()
            for _ in 0..<12 {
                let scalars = (0..<Int.random(in: 0...4, using: &random)).compactMap { _ in
                    pool.randomElement(using: &random)
                }
                object[String(String.UnicodeScalarView(scalars))] = 0
            }
            let keys = try JSON.parse(JSON(object).canonicalBytes()).object.map { Array($0.keys) }
            let expected = object.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
            #expect(keys?.map { Array($0.utf16) } == expected.map { Array($0.utf16) })
        }
    }

    @Test func isTheSameForEverySpelling() throws {
        #expect(try canonical(#"{ "b":1.0, "a":[1e2,"\u0041"] }"#) == canonical(#"{"\u0061":[100,"A"],"b":1}"#))
        #expect(try canonical("-0") == "0")
        #expect(try canonical(#"{"b":{"d":1,"c":2},"a":[]}"#) == #"{"a":[],"b":{"c":2,"d":1}}"#)
    }

    @Test func refusesWhatIsNoDouble() throws {
        for text in ["1e400", "[-1e309]", #"{"a":1e99999999999}"#] {
            #expect(throws: JSONError.self) { try JSON.parse(text).canonicalBytes() }
        }
        do {
            _ = try JSON.parse("1e400").canonicalBytes()
        } catch {
            #expect(error.code == .unrepresentableNumber)
            #expect(error.description.hasPrefix("the number 1e400 is out of"))
        }
    }

    @Test func refusesLossOfDigitsWhenAsked() throws {
        for text in ["9007199254740993", "0.1000000000000000055", "1e-400", "123456789012345678901"] {
            _ = try JSON.parse(text).canonicalBytes()
            #expect(throws: JSONError.self) { try JSON.parse(text).canonicalBytes(keepsPrecision: true) }
        }
        for text in ["9007199254740992", "0.1", "0.10", "-0", "-0.0", "1e23", "10.00e2", "5e-324"] {
            _ = try JSON.parse(text).canonicalBytes(keepsPrecision: true)
        }
    }
}
