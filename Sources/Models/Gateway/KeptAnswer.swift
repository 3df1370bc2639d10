public import Core
import JSON
import Synchronization

/// Keeps one answer to somebody within the house, such as a council's or an agent's, and what became of its call.
public final class KeptAnswer: AnswerSink {
    struct TooLong: Error {}
    private struct State {
        var status = 0
        var bytes: [UInt8] = []
        var isTooLong = false
        var report: ModelReport?
    }

    /// In bytes.
    private let greatest: Int
    private let state = Mutex(State())

    public init(greatest: Int = 4 << 20) { self.greatest = greatest }

    /// 0 until it begins.
    public var status: Int { state.withLock { $0.status } }
    public var bytes: [UInt8] { state.withLock { $0.bytes } }
    /// Nil until the call has ended.
    public var report: ModelReport? { state.withLock { $0.report } }

    public func ended(_ report: ModelReport) { state.withLock { $0.report = report } }

    public func begin(status: Int, headers: [(name: String, value: String)]) async throws {
        state.withLock { $0.status = status }
    }

    public func write(_ bytes: [UInt8]) async throws {
        try state.withLock { state in
            guard state.bytes.count + bytes.count <= greatest else {
                state.isTooLong = true
                throw TooLong()
            }
            state.bytes += bytes
        }
    }

    /// The text of the chat completion that came.
    /// - Throws: `invalid` for a provider's refusal, in its words; `unsupported` where there is no text.
    public func text() throws(GatehouseError) -> String {
        let message = try document()["choices"]?[0]?["message"]
        if let text = message?["content"]?.string, !text.isEmpty { return text }
        throw GatehouseError(
            "models", .unsupported,
            message?["refusal"]?.string.map { "the model refuses: \($0)" } ?? "the answer has no text")
    }

    /// The text of the transcription that came.
    /// - Throws: as ``text()``.
    public func transcript() throws(GatehouseError) -> String {
        guard let text = try document()["text"]?.string else {
            throw GatehouseError("models", .unsupported, "the answer has no text")
        }
        return text
    }

    private func document() throws(GatehouseError) -> JSON {
        let (status, bytes) = state.withLock { ($0.status, $0.bytes) }
        let answer = try? JSON.parse(bytes)
        guard (200...299).contains(status) else {
            let words = answer?["error"]?["message"]?.string ?? "it refuses the request"
            throw GatehouseError("models", .invalid, "the provider answered with status \(status): \(words)")
        }
        return answer ?? .null
    }

    /// Instead of what a call says whose reader wanted no more.
    public var overrun: GatehouseError? {
        guard state.withLock({ $0.isTooLong }) else { return nil }
        return GatehouseError("models", .tooLarge, "the answer has more than \(greatest >> 20) MiB")
    }
}
