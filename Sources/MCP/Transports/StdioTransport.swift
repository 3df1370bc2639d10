import Core
public import JSON
import Subprocess
import Synchronization
import Web

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A server that is a process of ours: one message a line on its standard input and output.
///
/// It is started by ``run(_:)`` and ends with it, with all that it started itself. What it says on its standard error is
/// kept for the message of its failure, the last of it. A line on its output that is no message fails those who wait for
/// an answer at that time; with too many of them the connection is over. Lines before its first message are forgiven,
/// up to the same bound: many programs greet.
public final class StdioTransport: MCPTransport {
    private struct State {
        var hasSpoken = false
        var garbage = 0
        var firstGarbage = ""
        var errorTail: [UInt8] = []
    }

    public let mirrorsParameters = false

    private let command: ServerCommand
    private let limits: MCPLimits
    private let outbox: Outbox
    private let pending: PendingAnswers
    private let state = Mutex(State())
    private let onStart: (@Sendable (Int32) -> Void)?

    /// Lines that are no messages before the connection is given up.
    private static let greatestGarbage = 16
    /// For the process to end after its input was closed.
    private static let grace = Duration.seconds(1)

    /// - Parameter onStart: is told the process's id.
    public init(
        _ command: ServerCommand, limits: MCPLimits = MCPLimits(), onStart: (@Sendable (Int32) -> Void)? = nil
    ) {
        self.command = command
        self.onStart = onStart
        self.limits = limits
        let outbox = Outbox(greatest: max(16 << 20, 2 * limits.messageBytes))
        self.outbox = outbox
        pending = PendingAnswers { id, reason in
            // Where the connection is closed there is nobody to tell.
            try? outbox.put(
                Message.notification(method: Method.cancelled, params: CancelledParams(id, reason: reason).json)
                    .encoded())
        }
    }

    public func exchange(
        _ request: OutgoingRequest, _ receive: @escaping Receiver
    ) async throws -> Result<JSON, RPCError> {
        let line = request.message.encoded()
        return try await pending.wait(for: request.id, until: request.deadline) { [outbox] in try outbox.put(line) }
    }

    public func send(_ message: Message, version: ProtocolVersion) async throws { try outbox.put(message.encoded()) }

    public func sessionBegan(_ version: ProtocolVersion) {}

    public func close() async { outbox.close() }

    public func run(_ receive: @escaping Receiver) async throws {
        let end: any Error
        do {
            let status = try await live(receive)
            end = failure("the server has ended (\(status))")
        } catch is CancellationError {
            end = CancellationError()
        } catch let error as GatehouseError {
            end = error
        } catch {
            end = failure("the server \(command.executable) cannot be run", cause: "\(error)")
        }
        outbox.close()
        pending.end(end is CancellationError ? MCPFailure.unavailable("the connection was closed") : end)
        throw end
    }

    /// The process from start to end.
    private func live(_ receive: @escaping Receiver) async throws -> String {
        try Task.checkCancellation()
        var options = PlatformOptions()
        // A session of its own: signals reach all that it started, and none of ours.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        let configuration = Configuration(
            executable: command.executable.utf8.contains(UInt8(ascii: "/"))
                ? .path(FilePath(command.executable)) : .name(command.executable),
            arguments: Arguments(command.arguments), environment: .custom(variables),
            workingDirectory: command.folder.map { FilePath($0) }, platformOptions: options)
        let teardown = options.teardownSequence
        let result = try await Subprocess.run(
            configuration, input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
            onStart?(Int32(execution.processIdentifier.value))
            let ended = await withTaskGroup(of: Ending?.self) { group in
                group.addTask { await self.write(execution.standardInputWriter) }
                group.addTask { await self.keepErrors(execution.standardError) }
                group.addTask { await self.read(execution.standardOutput, receive) }
                defer { group.cancelAll() }
                for await case let ending? in group { return ending }
                return Ending()
            }
            await execution.teardown(using: teardown)
            if let error = ended.error { throw error }
        }
        try Task.checkCancellation()
        return "\(result.terminationStatus)"
    }

    private var variables: [Environment.Key: String] {
        var variables: [Environment.Key: String] = [:]
        for name in command.inherited {
            if let value = ProcessEnvironment.value(of: name) {
                variables[Environment.Key(stringLiteral: name)] = value
            }
        }
        for (name, value) in command.environment { variables[Environment.Key(stringLiteral: name)] = value }
        return variables
    }

    /// Why the process is to be ended; no error when it has closed its output by itself.
    private struct Ending: Sendable {
        var error: (any Error)?
    }

    /// When there is nothing more to write, the process has a moment to end by itself.
    private func write(_ writer: StandardInputWriter) async -> Ending? {
        var ending = Ending(error: CancellationError())
        while let bytes = await outbox.take() {
            do { _ = try await writer.write(bytes) } catch {
                ending.error = failure("the server has closed its input")
                break
            }
        }
        try? await writer.finish()
        try? await Task.sleep(for: Self.grace)
        return ending
    }

    private func keepErrors(_ errors: SubprocessOutputSequence) async -> Ending? {
        do {
            for try await buffer in errors {
                let piece = buffer.withUnsafeBytes { Array($0.suffix(limits.errorTailBytes)) }
                state.withLock { state in
                    state.errorTail += piece
                    state.errorTail.removeFirst(max(0, state.errorTail.count - limits.errorTailBytes))
                }
            }
        } catch { return nil }
        return nil
    }

    private func read(_ output: SubprocessOutputSequence, _ receive: Receiver) async -> Ending? {
        var lines = LineReader(greatest: limits.messageBytes)
        do {
            for try await buffer in output {
                for line in lines.add(buffer.withUnsafeBytes { Array($0) }) {
                    switch line {
                    case .line(let bytes): try take(bytes, receive)
                    case .tooLong: fail(lines.head, MCPFailure.tooLarge(limits))
                    }
                }
            }
            return Ending(error: Task.isCancelled ? CancellationError() : nil)
        } catch { return Ending(error: error) }
    }

    private func take(_ bytes: [UInt8], _ receive: Receiver) throws {
        let message: Message
        do {
            message = try Message(parsing: bytes, limits: limits)
        } catch {
            return try refuse(bytes, error)
        }
        state.withLock { $0.hasSpoken = true }
        switch message {
        case .result(let id, let result): pending.answer(id, .success(result))
        case .error(let id?, let error): pending.answer(id, .failure(error))
        case .error(nil, let error):
            // It is about a request that the server could not read; with one under way it is known which.
            let waiting = pending.ids
            if waiting.count == 1, let id = waiting.first { pending.answer(id, .failure(error)) }
        case .request, .notification: receive(message)
        }
    }

    private func refuse(_ bytes: [UInt8], _ error: RPCError) throws {
        let (count, hasSpoken) = state.withLock { state in
            state.garbage += 1
            if state.garbage == 1 { state.firstGarbage = Self.readable(bytes.prefix(80)) }
            return (state.garbage, state.hasSpoken)
        }
        guard count <= Self.greatestGarbage else { throw failure("the server prints what is no message") }
        if hasSpoken { fail(bytes, MCPFailure.malformed("the server printed a line that is no message", error)) }
    }

    /// Fails the request whose answer a line was to be, as far as its beginning tells; else all that wait.
    private func fail(_ line: [UInt8], _ error: GatehouseError) {
        let head = Array(line.prefix(256))
        let mark = Array("\"id\":".utf8)
        if let start = ByteSearch.first(mark, in: head[...]) {
            let digits = head[(start + mark.count)...].drop { $0 == 0x20 }.prefix { $0 &- 0x30 < 10 }
            if let number = Int64(String(decoding: digits, as: UTF8.self)), pending.ids.contains(.number(number)) {
                return pending.fail(.number(number), error)
            }
        }
        pending.failAll(error)
    }

    private func failure(_ what: String, cause: String? = nil) -> GatehouseError {
        let (tail, garbage) = state.withLock { (Self.readable($0.errorTail[...]), $0.firstGarbage) }
        var causes = cause.map { [$0] } ?? []
        if !garbage.isEmpty { causes.append("it printed: \(garbage)") }
        if !tail.isEmpty { causes.append("it said: \(tail)") }
        return MCPFailure.unavailable(what, cause: causes.isEmpty ? nil : causes.joined(separator: "; "))
    }

    /// Text of a stranger, without what a terminal or a log would take for more.
    private static func readable(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar -> Character in
            scalar.value < 0x20 || scalar.value == 0x7F || scalar.properties.generalCategory == .format
                ? " " : Character(scalar)
        }
        return String(text).split(separator: " ").joined(separator: " ")
    }
}
