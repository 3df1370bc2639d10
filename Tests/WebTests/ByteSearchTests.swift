import TestSupport
import Testing
import Web

struct ByteSearchTests {
    @Test func findsWhatAPlainSearchFinds() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in UInt8.random(in: 0...1, using: &random)
            }
            let pattern = (0..<Int.random(in: 0...4, using: &random)).map { _ in UInt8.random(in: 0...1, using: &random)
            }
            let start = Int.random(in: 0...bytes.count, using: &random)
            let plain = (start...bytes.count).first { bytes[$0...].starts(with: pattern) }
            #expect(ByteSearch.first(pattern, in: bytes[start...]) == plain)
        }
    }
}
