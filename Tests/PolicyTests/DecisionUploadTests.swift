import Core
import JSON
import Rego
import Synchronization
import Testing

@testable import Policy

@Suite("Decision logs: uploads")
struct DecisionUploadTests {
    private static func uploads(_ change: (inout DecisionLogOptions) -> Void = { _ in }) -> DecisionUploads {
        var options = DecisionLogOptions()
        options.minimumDelay = .seconds(10)
        options.maximumDelay = .seconds(20)
        change(&options)
        return DecisionUploads(options, jitter: 0.5)
    }

    private static func bytes(_ number: Int, size: Int = 10) -> [UInt8] {
        Array(String(repeating: String(number % 10), count: size).utf8)
    }

    @Test("nothing goes before its time; then what is there goes together")
    func delay() {
        var uploads = Self.uploads()
        uploads.add(Self.bytes(1))
        uploads.add(Self.bytes(2))
        #expect(uploads.next(at: .seconds(1)) == .wait(.seconds(14)))
        #expect(uploads.next(at: .seconds(15)) == .upload([Self.bytes(1), Self.bytes(2)]))
        #expect(uploads.next(at: .seconds(16)) == .wait(nil), "one upload at a time")
        uploads.ended(.stored, sent: 10, at: .seconds(17), jitter: 0)
        #expect(uploads.next(at: .seconds(18)) == .wait(.seconds(9)))
        #expect(uploads.counts.sent == 2 && uploads.count == 0 && uploads.bytes == 0)
    }

    @Test("of too many, the oldest that have not left go")
    func overflow() {
        var uploads = Self.uploads { $0.events = 3 }
        for number in 0..<3 { uploads.add(Self.bytes(number)) }
        #expect(uploads.next(at: .seconds(60)) == .upload((0..<3).map { Self.bytes($0) }))
        for number in 3..<6 { uploads.add(Self.bytes(number)) }
        #expect(uploads.counts.dropped == 3 && uploads.count == 3, "what is under way is kept, what is new is not")
        uploads.ended(.failed, at: .seconds(61), jitter: 1)
        uploads.add(Self.bytes(6))
        #expect(uploads.counts.dropped == 4)
        #expect(uploads.next(at: .seconds(99)) == .upload([1, 2, 6].map { Self.bytes($0) }))
    }

    @Test("bytes are bounded as well, and come back to nothing")
    func overflowOfBytes() {
        var uploads = Self.uploads { $0.bytes = 100 }
        for number in 0..<5000 { uploads.add(Self.bytes(number, size: 30)) }
        #expect(uploads.count == 3 && uploads.bytes == 90 && uploads.counts.dropped == 4997)
        uploads.add(Self.bytes(1, size: 101))
        #expect(uploads.count == 0 && uploads.bytes == 0)
    }

    @Test("after failures the pauses grow up to the maximum, and nothing is lost or out of order")
    func backoff() {
        var uploads = Self.uploads { $0.retryDelay = .seconds(1) }
        for number in 0..<4 { uploads.add(Self.bytes(number)) }
        var now = Duration.seconds(30)
        var pauses: [Duration] = []
        for _ in 0..<7 {
            #expect(uploads.next(at: now) == .upload((0..<4).map { Self.bytes($0) }))
            uploads.ended(.failed, at: now, jitter: 1)
            guard case .wait(let pause?) = uploads.next(at: now) else { return #expect(Bool(false)) }
            pauses.append(pause)
            now += pause
        }
        #expect(pauses == [1, 2, 4, 8, 16, 20, 20].map { .seconds($0) })
        #expect(uploads.counts.failures == 7 && uploads.counts.dropped == 0 && uploads.bytes == 40)
    }

    @Test("a batch that is too large is halved; one event that is too large goes, counted")
    func tooLarge() {
        var uploads = Self.uploads { $0.uploadBytes = 1000 }
        for number in 0..<4 { uploads.add(Self.bytes(number)) }
        guard case .upload(let first) = uploads.next(at: .seconds(30)) else { return #expect(Bool(false)) }
        #expect(first.count == 4)
        uploads.ended(.tooLarge, at: .seconds(30), jitter: 0)
        guard case .upload(let second) = uploads.next(at: .seconds(30)) else { return #expect(Bool(false)) }
        #expect(second == [Self.bytes(0), Self.bytes(1)])
        uploads.ended(.tooLarge, at: .seconds(30), jitter: 0)
        guard case .upload(let third) = uploads.next(at: .seconds(30)) else { return #expect(Bool(false)) }
        #expect(third == [Self.bytes(0)])
        uploads.ended(.tooLarge, at: .seconds(30), jitter: 0)
        #expect(uploads.counts.tooLarge == 1 && uploads.count == 3)
    }

    @Test("whatever happens in whatever order, events are sent, dropped or kept, and the bytes are theirs")
    func accounts() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var uploads = Self.uploads {
                $0.events = 20
                $0.bytes = 400
                $0.uploadBytes = 64
            }
            var added = 0
            var under = 0
            var now = Duration.zero
            for _ in 0..<400 {
                now += .milliseconds(Int.random(in: 0...5000, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    uploads.add(Self.bytes(added, size: Int.random(in: 1...60, using: &random)))
                    added += 1
                case 1:
                    if case .upload(let batch) = uploads.next(at: now) { under = batch.count }
                default:
                    guard under > 0 else { continue }
                    let outcomes: [DecisionUploads.Outcome] = [.stored, .failed, .tooLarge]
                    uploads.ended(
                        outcomes[Int.random(in: 0..<3, using: &random)], sent: 20, at: now,
                        jitter: Double.random(in: 0...1, using: &random))
                    under = 0
                }
                let counts = uploads.counts
                #expect(counts.sent + counts.dropped + counts.tooLarge + uploads.count == added)
                #expect(uploads.count <= 20 && uploads.bytes <= 400 && (uploads.bytes == 0) == (uploads.count == 0))
            }
        }
    }

    @Test("a log hands on what it was given, in order, across failures, and flushes at the end")
    func log() async throws {
        var options = DecisionLogOptions()
        options.minimumDelay = .milliseconds(1)
        options.maximumDelay = .milliseconds(2)
        options.retryDelay = .milliseconds(1)
        options.uploadBytes = 600
        let log = DecisionLog(options)
        let receiver = Receiver(failingFirst: 5)
        let running = Task { await log.run(receiver) }
        for number in 0..<500 {
            log.add(DecisionEvent(decisionID: "dec_\(number)", question: .path("a"), timestamp: Timestamp(seconds: 0)))
        }
        while receiver.count < 200 { await Task.yield() }
        running.cancel()
        await running.value
        await log.flush(receiver)
        #expect(receiver.ids == (0..<500).map { "dec_\($0)" })
        #expect(receiver.largest <= 600)
        #expect(log.standing.sent == 500 && log.standing.failures >= 5 && log.standing.waiting == 0)
    }

    @Test("gzip: back and forth, bounded, and no crash on damage")
    func gzip() throws {
        var text = Array(String(repeating: "{\"decision_id\":\"x\"},", count: 20_000).utf8)
        var packed = try GzipText.compress(text)
        #expect(packed.count < text.count / 50)
        #expect(try GzipText.decompress(packed, limit: text.count) == text)
        #expect(try GzipText.decompress(GzipText.compress([]), limit: 0) == [])
        #expect(throws: GatehouseError.self) { try GzipText.decompress(packed, limit: text.count - 1) }
        #expect(throws: GatehouseError.self) { try GzipText.decompress(packed + [0], limit: .max - 1) }
        text = Array(text.prefix(2000))
        packed = try GzipText.compress(text)
        for cut in 0..<packed.count {
            #expect(throws: GatehouseError.self) { try GzipText.decompress(Array(packed[..<cut]), limit: 1 << 20) }
            var damaged = packed
            damaged[cut] ^= 0x55
            if let read = try? GzipText.decompress(damaged, limit: 1 << 20) { #expect(read == text) }
        }
    }
}

/// Takes batches after some failures.
private final class Receiver: DecisionLogDestination {
    private struct State {
        var failures: Int
        var ids: [String] = []
        var largest = 0
    }
    private let state: Mutex<State>

    init(failingFirst failures: Int) { state = Mutex(State(failures: failures)) }

    var count: Int { state.withLock { $0.ids.count } }
    var ids: [String] { state.withLock { $0.ids } }
    var largest: Int { state.withLock { $0.largest } }

    func upload(_ batch: [UInt8]) async throws {
        let fails = state.withLock { state in
            state.failures -= 1
            return state.failures >= 0
        }
        if fails { throw GatehouseError("test", .unavailable, "away") }
        let events = try JSON.parse(try GzipText.decompress(batch, limit: 1 << 20)).array ?? []
        state.withLock { state in
            state.ids += events.compactMap { $0["decision_id"]?.string }
            state.largest = max(state.largest, batch.count)
        }
    }
}
