import JSON
import TestSupport
import Testing

struct HostileTests {
    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func refusesDeepNesting(_ opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect(objection(text)?.code == .tooLarge)
        #expect(objection(text, limits: JSON.Limits(depth: .max))?.code == .tooLarge)
    }

    @Test func takesNestingUpToTheLimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(objection(nested(128)) == nil)
        #expect(objection(nested(129))?.offset == 128)
        let deepest = JSON.Limits(depth: .max)
        #expect(objection(nested(513), limits: deepest)?.code == .tooLarge)
        let value = try JSON.parse(nested(512), limits: deepest)
        #expect(value.text() == nested(512))
        #expect(try value == JSONDocument(nested(512), limits: deepest).value)
        #expect(Set([value]).contains(value))
    }

    @Test func holdsEveryLimit() {
        #expect(objection("[1,2]", limits: JSON.Limits(bytes: 5)) == nil)
        #expect(objection("[1,2]", limits: JSON.Limits(bytes: 4))?.code == .tooLarge)
        #expect(objection(#"[1,{"a":2}]"#, limits: JSON.Limits(values: 4)) == nil)
        #expect(objection(#"[1,{"a":2}]"#, limits: JSON.Limits(values: 3))?.offset == 8)
        #expect(objection("[]", limits: JSON.Limits(values: 0))?.code == .tooLarge)
        #expect(objection(#""abc""#, limits: JSON.Limits(stringLength: 3)) == nil)
        #expect(objection(#""abcd""#, limits: JSON.Limits(stringLength: 3))?.code == .tooLarge)
        #expect(objection(#"{"abcd":1}"#, limits: JSON.Limits(stringLength: 3))?.code == .tooLarge)
        #expect(objection("1234", limits: JSON.Limits(numberLength: 4)) == nil)
        #expect(objection("12345", limits: JSON.Limits(numberLength: 4))?.code == .tooLarge)
        #expect(objection("1", limits: JSON.Limits(bytes: -1, depth: -1, values: -1))?.code == .tooLarge)
    }

    @Test func keepsHugeNumbersAsSpelled() throws {
        let digits = String(repeating: "9", count: 4000)
        for spelling in [digits, "-" + digits, "0." + digits, "1e999999999999999999999", "1E-999999999999999999999"] {
            let value = try JSON.parse(spelling)
            #expect(value.text() == spelling)
            #expect(value.int == nil)
        }
        #expect(try JSON.parse(digits).double == nil)
        #expect(try JSON.parse("1e400").double == nil)
        #expect(try JSON.parse("1e-400").double == 0)
        #expect(objection(String(repeating: "9", count: 5000))?.code == .tooLarge)
    }

    /// Bytes that stand for no character, one of each kind, in the middle of a text.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF0, 0x28, 0x8C, 0xBC], [0xF0, 0x9F, 0x28, 0x80], [0xF0, 0x9F, 0x98, 0x28], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func refusesInvalidUTF8(_ invalid: [UInt8]) {
        for padding in 0..<10 {
            let before = [UInt8](repeating: 0x61, count: padding)
            let error = objection([0x22] + before + invalid + [0x61, 0x22])
            #expect(error?.code == .invalidUTF8)
            #expect(error?.offset == 1 + padding)
            #expect(objection([0x22] + before + [0xC3, 0xA9] + invalid)?.offset == 3 + padding)
        }
        #expect(objection(invalid)?.code == .unexpectedCharacter)
    }

    @Test func agreesWithTheStandardLibraryOnUTF8() {
        var random = SeededRandom(seed: 8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                UInt8.random(in: 0x7F...0xFF, using: &random)
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect((objection([0x22] + bytes + [0x22]) == nil) == isValid, "\(bytes)")
        }
    }

    @Test func refusesTheSampleCutAtEveryByte() {
        let bytes = [UInt8](sample.utf8)
        #expect(objection(bytes) == nil)
        for length in 0..<bytes.count {
            let error = objection([UInt8](bytes[..<length]))
            #expect(error != nil, "cut to \(length) bytes")
            #expect((error?.offset ?? -1) <= length)
        }
    }

    @Test func findsEveryByteThatATextMayNotHold() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<20 {
                var bytes = [UInt8](repeating: 0x61, count: 20)
                bytes[place] = byte
                let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                let error = objection([0x22] + bytes + [0x22])
                if isPlain { #expect(error == nil) } else { #expect(error != nil, "\(byte) at \(place)") }
            }
        }
    }

    @Test func takesManyKeysInLinearTime() throws {
        let members = (0..<100_000).map { "\"\($0)\":0" }
        let text = "{" + members.joined(separator: ",") + "}"
        #expect(try JSON.parse(text).object?.count == 100_000)
        #expect(objection("{" + members.joined(separator: ",") + ",\"99999\":1}")?.code == .duplicateKey)
    }
}
