import AsyncHTTPClient
import Core
import JSON
import NIOCore
import NIOHTTP1

/// Requests to those who authorize: small, quick, never redirected, and only to addresses that are safe to send to.
struct OAuthHTTP: Sendable {
    let client: HTTPClient

    private static let greatest = 256 << 10
    private static let time = TimeAmount.seconds(15)

    /// Nil for any answer but 200.
    func document(_ address: String) async throws -> JSON? {
        var request = HTTPClientRequest(url: try checked(address))
        request.headers.add(name: "accept", value: "application/json")
        let (status, json) = try await send(request)
        return status == 200 ? json : nil
    }

    func post(_ address: String, form: [(String, String)], authorization: Secret?) async throws -> (status: Int, JSON) {
        var request = HTTPClientRequest(url: try checked(address))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        if let authorization { request.headers.add(name: "authorization", value: authorization.expose()) }
        request.body = .bytes(ByteBuffer(string: Form.encode(form)))
        let (status, json) = try await send(request)
        return (status, json ?? [:])
    }

    func post(_ address: String, json: JSON) async throws -> (status: Int, JSON) {
        var request = HTTPClientRequest(url: try checked(address))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: json.bytes()))
        let (status, answer) = try await send(request)
        return (status, answer ?? [:])
    }

    private func checked(_ address: String) throws -> String {
        guard SecureAddress.parse(address) != nil else {
            throw OAuthFailure.refused("the address \(address.prefix(200)) is not one that secrets may be sent to")
        }
        return address
    }

    private func send(_ request: HTTPClientRequest) async throws -> (Int, JSON?) {
        let response = try await HTTPTransport.translated { try await client.execute(request, timeout: Self.time) }
        let bytes = try await HTTPTransport.collect(response.body, limit: Self.greatest) {
            OAuthFailure.refused("an answer has more than \(Self.greatest) bytes")
        }
        return (Int(response.status.code), try? JSON.parse(bytes, limits: JSON.Limits(bytes: Self.greatest, depth: 32)))
    }
}

enum OAuthFailure {
    static func refused(_ what: String, cause: String? = nil) -> GatehouseError {
        GatehouseError("mcp", .denied, "no authorization: \(what)", cause: cause)
    }
}
