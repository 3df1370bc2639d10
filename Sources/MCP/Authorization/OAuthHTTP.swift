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

    struct Answer: Sendable {
        var status: Int
        /// An empty object where the body is none.
        var json: JSON
        /// That the next proof is to name (RFC 9449, section 8).
        var nonce: String?
    }

    /// Nil for any answer but 200.
    func document(_ address: String) async throws -> JSON? {
        var request = HTTPClientRequest(url: try checked(address))
        request.headers.add(name: "accept", value: "application/json")
        let answer = try await send(request)
        return answer.status == 200 && answer.json != [:] ? answer.json : nil
    }

    func post(
        _ address: String, form: [(String, String)], authorization: Secret?, proof: Secret?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: try checked(address))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        if let authorization { request.headers.add(name: "authorization", value: authorization.expose()) }
        if let proof { request.headers.add(name: "dpop", value: proof.expose()) }
        request.body = .bytes(ByteBuffer(string: Form.encode(form)))
        return try await send(request)
    }

    func post(_ address: String, json: JSON) async throws -> Answer {
        var request = HTTPClientRequest(url: try checked(address))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: json.bytes()))
        return try await send(request)
    }

    private func checked(_ address: String) throws -> String {
        guard SecureAddress.parse(address) != nil else {
            throw OAuthFailure.refused("the address \(address.prefix(200)) is not one that secrets may be sent to")
        }
        return address
    }

    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await HTTPTransport.translated { try await client.execute(request, timeout: Self.time) }
        let bytes = try await HTTPTransport.collect(response.body, limit: Self.greatest) {
            OAuthFailure.refused("an answer has more than \(Self.greatest) bytes")
        }
        let json = try? JSON.parse(bytes, limits: JSON.Limits(bytes: Self.greatest, depth: 32))
        return Answer(
            status: Int(response.status.code), json: json ?? [:], nonce: response.headers.first(name: "dpop-nonce"))
    }
}

enum OAuthFailure {
    static func refused(_ what: String, cause: String? = nil) -> GatehouseError {
        GatehouseError("mcp", .denied, "no authorization: \(what)", cause: cause)
    }
}
