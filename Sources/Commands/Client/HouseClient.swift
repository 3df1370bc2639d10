import AsyncHTTPClient
import Core
import JSON
import NIOCore
import NIOHTTP1
import Web

/// Talks to a house over its unix socket, where the kernel vouches for who calls.
struct HouseClient: Sendable {
    /// Largest answer taken; reports of large repositories are tens of megabytes.
    static let answerLimit = 512 << 20
    /// Largest event taken of a streamed answer.
    private static let eventLimit = 64 << 20

    let socket: String
    private let http: HTTPClient

    init(socket: String, http: HTTPClient) {
        self.socket = socket
        self.http = http
    }

    func get(_ path: String) async throws -> JSON { try await parsed(call(.GET, path)) }

    func post(_ path: String, _ body: JSON = [:]) async throws -> JSON {
        try await post(path, body.bytes(), contentType: Self.json)
    }

    /// A body that is no JSON.
    func post(_ path: String, _ body: [UInt8], contentType: String) async throws -> JSON {
        try await parsed(call(.POST, path, body: body, contentType: contentType))
    }

    func delete(_ path: String) async throws -> JSON { try await parsed(call(.DELETE, path)) }

    /// The body as it came: for reports and exports, which are not all JSON.
    func bytes(_ path: String) async throws -> [UInt8] { try await call(.GET, path) }

    /// Hands on the body piece by piece, so that an export of any size takes little memory.
    func stream(_ path: String, _ piece: ([UInt8]) throws -> Void) async throws {
        let response = try await send(.GET, path, body: nil, accept: "*/*")
        guard response.status.code < 400 else { throw try await failure(response) }
        for try await buffer in response.body { try piece(Array(buffer.readableBytesView)) }
    }

    /// Submits an action, shows its progress, and returns the final answer of `POST /api/v1/actions`.
    func submit(_ request: JSON, progress: (JSON) -> Void) async throws -> JSON {
        let response = try await send(.POST, "/api/v1/actions", body: request.bytes(), accept: "text/event-stream")
        guard response.status.code < 400 else { throw try await failure(response) }
        var parser = EventParser(limits: .init(event: Self.eventLimit))
        for try await buffer in response.body {
            for event in try parser.push(buffer.readableBytesView) where event.hasData {
                let value = try JSON.parse(event.data, limits: .answers)
                switch event.name {
                case "result": return value
                case "error": throw HouseClient.error(in: value)
                default: progress(value)
                }
            }
        }
        throw GatehouseError(
            "gatehouse", .unavailable, "the connection ended before the action's result arrived",
            hint: "see the ledger for what became of it: gatehouse ledger show")
    }

    private static let json = "application/json"

    private func call(
        _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, contentType: String = json
    ) async throws -> [UInt8] {
        let response = try await send(
            method, path, body: body, contentType: contentType, accept: "application/json, */*;q=0.5")
        guard response.status.code < 400 else { throw try await failure(response) }
        return Array(try await response.body.collect(upTo: Self.answerLimit).readableBytesView)
    }

    private func send(
        _ method: HTTPMethod, _ path: String, body: [UInt8]?, contentType: String = json, accept: String
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http+unix://\(Percent.encode(socket))\(path)")
        request.method = method
        request.headers.add(name: "accept", value: accept)
        request.headers.add(name: "host", value: "localhost")
        if let body {
            request.headers.add(name: "content-type", value: contentType)
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            return try await http.execute(request, timeout: .hours(12))
        } catch let error as HTTPClientError {
            throw GatehouseError("gatehouse", .unavailable, "no answer from the house on \(socket)", from: error)
        }
    }

    private func parsed(_ bytes: [UInt8]) throws -> JSON {
        bytes.isEmpty ? [:] : try JSON.parse(bytes, limits: .answers)
    }

    private func failure(_ response: HTTPClientResponse) async throws -> GatehouseError {
        let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        guard let value = try? JSON.parse(bytes), value["error"] != nil else {
            return GatehouseError("gatehouse", .unavailable, "the house answered with status \(response.status.code)")
        }
        return Self.error(in: value)
    }

    /// The house's error shape, as an error again.
    static func error(in value: JSON) -> GatehouseError {
        let error = value["error"] ?? [:]
        return GatehouseError(
            error["domain"]?.string ?? "gatehouse",
            GatehouseError.Code(rawValue: error["code"]?.string ?? "") ?? .internal,
            error["message"]?.string ?? "the house gave no reason",
            cause: error["cause"]?.string, hint: error["hint"]?.string)
    }
}

extension JSON.Limits {
    /// For what our own house sends: as large as a report may be.
    static var answers: JSON.Limits {
        var limits = JSON.Limits()
        limits.bytes = HouseClient.answerLimit
        limits.values = 50_000_000
        return limits
    }
}
