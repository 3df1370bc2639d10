import HTTPTypes
import HummingbirdCore
import Models
import NIOCore
import Synchronization

/// Where a model's answer goes: events to the wire as they come, anything else into one response.
final class HTTPAnswer: AnswerSink {
    private let wire: Wire?
    private let requestID: String
    private let state = Mutex<(head: HTTPResponse, body: ByteBuffer)>((HTTPResponse(status: .ok), ByteBuffer()))

    init(_ call: Call) {
        wire = call.wire
        requestID = call.id
    }

    /// What is left to be sent; nothing where the answer went out as it came.
    var response: Response {
        let (head, body) = state.withLock { $0 }
        return Response(status: head.status, headers: head.headerFields, body: ResponseBody(byteBuffer: body))
    }

    func begin(status: Int, headers: [(name: String, value: String)]) async throws {
        var head = HTTPResponse(status: HTTPResponse.Status(code: status))
        for (name, value) in headers { head.headerFields[named: name] = value }
        state.withLock { $0.head = head }
        let type = head.headerFields[.contentType]?.lowercased() ?? ""
        guard let wire, type.hasPrefix("text/event-stream") else { return }
        FrontDoor.dress(&head.headerFields, requestID: requestID)
        try await wire.send(.head(head))
    }

    func write(_ bytes: [UInt8]) async throws {
        if let wire, wire.hasBegun { return try await wire.send(.bytes(ByteBuffer(bytes: bytes))) }
        state.withLock { _ = $0.body.writeBytes(bytes) }
    }
}
