import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import Server

@Suite("The wire of an answer that begins early", .timeLimit(.minutes(1)))
struct WireTests {
    private final class Count: Sendable {
        let value = Mutex(0)
    }

    private func part(_ text: String) -> Wire.Part { .bytes(ByteBuffer(string: text)) }

    private func text(_ part: Wire.Part?) -> String? {
        if case .bytes(let bytes)? = part { String(buffer: bytes) } else { nil }
    }

    @Test("Parts come in order, one at a time, and then the end")
    func order() async throws {
        let wire = Wire()
        let taken = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<100 {
                    try await wire.send(part("\(number)"))
                    // The one that the reader has in its hands may not be counted yet.
                    #expect(taken.value.withLock { $0 } >= number)
                }
                wire.end()
            }
            for number in 0..<100 {
                let next = await wire.next()
                #expect(text(next) == "\(number)")
                taken.value.withLock { $0 += 1 }
            }
            let last = await wire.next()
            #expect(text(last) == nil)
            try await group.waitForAll()
        }
        #expect(wire.hasBegun)
    }

    /// Somebody who waits until a part is read.
    private func writing(_ text: String, to wire: Wire) async throws -> Task<Void, any Error> {
        let write = Task { try await wire.send(part(text)) }
        while !wire.hasBegun { try await Task.sleep(for: .milliseconds(1)) }
        return write
    }

    @Test("A peer that leaves is told to whoever writes")
    func leaving() async throws {
        let wire = Wire()
        let write = try await writing("never read", to: wire)
        wire.leave()
        await #expect(throws: Wire.PeerLeft.self) { try await write.value }
        await #expect(throws: Wire.PeerLeft.self) { try await wire.send(part("late")) }
    }

    @Test("A writer that is cancelled does not wait, and a reader does not either")
    func cancelling() async throws {
        let wire = Wire()
        let write = try await writing("x", to: wire)
        write.cancel()
        await #expect(throws: CancellationError.self) { try await write.value }
        let read = Task { text(await wire.next()) }
        read.cancel()
        #expect(await read.value == nil)
    }
}
