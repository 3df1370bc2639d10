import JSON
import TestSupport
import Testing

/// Broken and made-up texts, the same each run.
struct MutationTests {
    /// What must hold of any bytes; returns whether they are JSON.
    private func check(_ bytes: [UInt8]) throws -> Bool {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            #expect(objection(bytes) == error)
            #expect((0...bytes.count).contains(error.offset))
            return false
        }
        let value = try JSON.parse(bytes)
        #expect(document.value == value)
        #expect(try JSON.parse(value.bytes()) == value)
        #expect(try JSON.parse(value.text(pretty: true)) == value)
        #expect(document.replacing([(document.root, value.bytes())]).count >= value.bytes().count)
        if let canonical = try? value.canonicalBytes() {
            #expect(try JSON.parse(canonical).canonicalBytes() == canonical)
        }
        return true
    }

    @Test func survivesMutations() throws {
        var random = SeededRandom(seed: 42)
        let seed = [UInt8](sample.utf8)
        let spice = [UInt8](#"{}[]",:\u0e-.+ntf 19"#.utf8) + [0, 0x1F, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF]
        var valid = 0
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        var rounds = 0
        while clock.now < end, rounds < 50_000 {
            rounds += 1
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = spice.randomElement(using: &random) ?? 0
                case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                case 2: bytes.remove(at: place)
                default: bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            if try check(bytes) { valid += 1 }
        }
        #expect(valid > 0 && valid < rounds)
    }

    @Test func survivesSoup() throws {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u0061\"", "1", "-0.5e3", "true", "null", " ", "\\", "é",
        ]
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = try check([UInt8](text.utf8))
        }
    }

    @Test func keepsMadeUpValues() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let value = madeUp(depth: 4, &random)
            let bytes = value.bytes()
            #expect(try JSON.parse(bytes) == value)
            #expect(try check(bytes))
        }
    }

    private func madeUp(depth: Int, _ random: inout SeededRandom) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return JSON(Bool.random(using: &random))
        case 2: return JSON(Int(truncatingIfNeeded: random.next()))
        case 3: return JSON(Double(bitPattern: random.next())) ?? 0
        case 4: return JSON(madeUpText(&random))
        case 5: return JSON((0..<Int.random(in: 0...12, using: &random)).map { _ in madeUp(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                object[madeUpText(&random)] = madeUp(depth: depth - 1, &random)
            }
            return JSON(object)
        }
    }

    private func madeUpText(_ random: inout SeededRandom) -> String {
        let scalars = (0..<Int.random(in: 0...24, using: &random)).map { _ in
            Bool.random(using: &random)
                ? Unicode.Scalar(UInt8.random(in: 0...127, using: &random))
                : Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "x"
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
