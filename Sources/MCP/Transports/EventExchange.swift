import AsyncHTTPClient
import Core
import JSON
import NIOCore
import NIOHTTP1
import Web

/// A request whose answer comes in a stream of events, over one connection or, in a session, over several.
struct EventExchange {
    private let transport: HTTPTransport
    private let request: OutgoingRequest
    private let receive: MCPTransport.Receiver
    private var reader: EventReader

    init(_ transport: HTTPTransport, _ request: OutgoingRequest, _ receive: @escaping MCPTransport.Receiver) {
        self.transport = transport
        self.request = request
        self.receive = receive
        reader = EventReader(transport.limits)
    }

    /// Reads to the answer. A stream that ends before it is taken up again where that can be.
    mutating func answer(_ response: HTTPClientResponse) async throws -> Result<JSON, RPCError> {
        var response = response
        var fruitless = 0
        while true {
            let before = reader.count
            var cause: GatehouseError?
            do {
                if let answer = try await read(response) { return answer }
            } catch let error as GatehouseError where error.code == .unavailable { cause = error }
            fruitless = reader.count > before ? 0 : fruitless + 1
            guard !request.version.isStateless, let last = reader.lastID, fruitless < transport.limits.resumptions
            else {
                throw cause ?? MCPFailure.unavailable("the server ended the stream before the answer")
            }
            try await reader.pause(until: request.deadline)
            response = try await transport.perform(
                .GET, body: nil, extra: [("last-event-id", last)], until: request.deadline)
            guard response.status.code == 200 else {
                throw MCPFailure.unavailable(
                    "the server ended the stream before the answer, and does not take it up again")
            }
        }
    }

    private mutating func read(_ response: HTTPClientResponse) async throws -> Result<JSON, RPCError>? {
        reader.beginStream()
        var answer: Result<JSON, RPCError>?
        try await HTTPTransport.read(response.body) { piece in
            answer = try take(piece)
            return answer == nil
        }
        return answer
    }

    private mutating func take(_ piece: ByteBuffer) throws -> Result<JSON, RPCError>? {
        for bytes in try reader.messages(in: piece) {
            if request.deadline != nil, reader.count > transport.limits.messagesPerAnswer {
                throw GatehouseError(
                    "mcp", .tooLarge, "the server sent \(transport.limits.messagesPerAnswer) messages and no answer")
            }
            let message = try transport.parsed(bytes)
            switch message {
            case .result(request.id, let result): return .success(result)
            case .error(request.id, let error), .error(nil, let error): return .failure(error)
            case .request, .notification: receive(message)
            // The answer to another request is of no use to this one, and must not reach the other this way.
            case .result, .error: continue
            }
        }
        return nil
    }
}

/// Cuts streams of events into messages and remembers where to take them up again.
struct EventReader {
    /// Events with a message in them so far.
    private(set) var count = 0
    private(set) var lastID: String?
    private var wait = Duration.seconds(1)
    private var parser: EventParser
    private let limits: MCPLimits

    init(_ limits: MCPLimits) {
        self.limits = limits
        parser = EventParser(limits: .init(event: limits.messageBytes + 4096, lines: 4096))
    }

    mutating func beginStream() { parser = EventParser(limits: .init(event: limits.messageBytes + 4096, lines: 4096)) }

    mutating func messages(in piece: ByteBuffer) throws -> [[UInt8]] {
        let events: [StreamEvent]
        do { events = try parser.push(piece.readableBytesView) } catch { throw MCPFailure.tooLarge(limits) }
        var messages: [[UInt8]] = []
        for event in events {
            if let id = event.id { lastID = id.isEmpty || id.utf8.count > limits.nameBytes ? nil : id }
            if let retry = event.retry { wait = .milliseconds(min(retry, 30_000)) }
            let data = event.data
            // An event with an id and no data only says where to come back.
            if !data.isEmpty { messages.append(data) }
        }
        count += messages.count
        return messages
    }

    /// Waits as long as the server wants one to.
    func pause(until deadline: ContinuousClock.Instant?) async throws {
        if let deadline, .now + wait >= deadline {
            try await Task.sleep(until: deadline)
            throw MCPFailure.late()
        }
        try await Task.sleep(for: wait)
    }
}

extension HTTPTransport {
    /// The stream of a session that belongs to no request; returns when the server offers none, or no more.
    func listen(_ version: ProtocolVersion, _ receive: @escaping Receiver) async {
        var reader = EventReader(limits)
        var fruitless = 0
        while !Task.isCancelled, fruitless < limits.resumptions {
            let before = reader.count
            do {
                let extra = reader.lastID.map { [("last-event-id", $0)] } ?? []
                let response = try await perform(.GET, body: nil, extra: extra, until: nil)
                let type = response.headers.first(name: "content-type").flatMap { HeaderValue($0) }?.word
                guard response.status.code == 200, type == "text/event-stream" else { return }
                reader.beginStream()
                for try await piece in response.body {
                    // What is no message here is nobody's answer: it is passed over.
                    for bytes in try reader.messages(in: piece) {
                        if let message = try? Message(parsing: bytes, limits: limits) { receive(message) }
                    }
                }
            } catch is CancellationError {
                return
            } catch { fruitless += 1 }
            fruitless = reader.count > before ? 0 : fruitless + 1
            do { try await reader.pause(until: nil) } catch { return }
        }
    }
}
