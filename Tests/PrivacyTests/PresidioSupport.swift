import Privacy
import Synchronization
import TestSupport

/// Finds one thing in each text, and counts.
final class Counting: TextClassifier {
    struct Failure: Error {}

    private let state = Mutex<(asked: [[UInt8]], now: Int, greatest: Int)>(([], 0, 0))
    let id = "external.counting"

    var asked: [[UInt8]] { state.withLock { $0.asked } }
    var greatestAtOnce: Int { state.withLock { $0.greatest } }

    func findings(in text: [UInt8]) async throws -> [PrivacyFinding] {
        state.withLock { state in
            state.asked.append(text)
            state.now += 1
            state.greatest = max(state.greatest, state.now)
        }
        await Task.yield()
        state.withLock { $0.now -= 1 }
        if text == Array("fail".utf8) { throw Failure() }
        let answer = #"[{"entity_type":"PERSON","start":0,"end":1,"score":1}]"#
        return try PresidioExchange(id: id).findings(in: Array(answer.utf8), for: text)
    }
}

/// Changes bytes at random, the same way each time.
enum Mutation {
    static func change(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = .random(in: 0 ... .max, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(.random(in: 0x30...0x39, using: &random), at: place)
        case 3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
        }
    }
}
