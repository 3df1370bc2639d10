import Core
import Dialects
import HTTPTypes
import NIOCore
import NIOHTTP1

/// What a request's head must look like before anything else reads it. Pure, so that it is tested without a socket.
enum RequestRules {
    static func refusal(of head: HTTPRequestHead, limits: HTTPLimits) -> Refusal? {
        sizeRefusal(of: head, limits: limits) ?? framingRefusal(of: head, limits: limits) ?? targetRefusal(of: head)
    }

    private static func sizeRefusal(of head: HTTPRequestHead, limits: HTTPLimits) -> Refusal? {
        if head.uri.utf8.count > limits.targetBytes { return .targetTooLong(limits.targetBytes) }
        if head.headers.count > limits.headerCount { return .headerTooLarge("more than \(limits.headerCount) fields") }
        let bytes = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        return bytes > limits.headerBytes ? .headerTooLarge("more than \(limits.headerBytes) bytes") : nil
    }

    /// RFC 9112, sections 3.2, 5.2 and 6.3: one host, one length, no folded lines.
    private static func framingRefusal(of head: HTTPRequestHead, limits: HTTPLimits) -> Refusal? {
        guard head.version == .http1_1 else { return .version }
        let lengths = head.headers["content-length"]
        let codings = head.headers["transfer-encoding"]
        if head.headers["host"].count != 1 { return .malformed("exactly one Host field is needed") }
        if lengths.count > 1 { return .malformed("Content-Length is given more than once") }
        if !lengths.isEmpty, !codings.isEmpty {
            return .malformed("Content-Length and Transfer-Encoding exclude each other")
        }
        if codings.count > 1 || codings.contains(where: { $0.lowercased() != "chunked" }) {
            return .malformed("the only Transfer-Encoding taken is chunked")
        }
        if let length = lengths.first {
            guard let count = decimal(length) else { return .malformed("Content-Length is not a number") }
            let limit = limits.bodyBytes(of: head.uri)
            if count > limit { return .bodyTooLarge(limit) }
        }
        if head.headers.contains(where: { $0.value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }) {
            return .malformed("a header field holds a control character")
        }
        return nil
    }

    /// The origin form only: nothing here is a proxy.
    private static func targetRefusal(of head: HTTPRequestHead) -> Refusal? {
        guard head.uri.utf8.first == UInt8(ascii: "/"), head.uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .malformed("the request target must be a path")
        }
        return nil
    }

    private static func decimal(_ text: String) -> Int? {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

/// Why a connection is ended with an error before a request was taken.
struct Refusal: Sendable {
    let status: HTTPResponseStatus
    let error: GatehouseError

    private init(_ status: HTTPResponseStatus, _ code: GatehouseError.Code, _ message: String, hint: String? = nil) {
        self.status = status
        error = GatehouseError("http", code, message, hint: hint)
    }

    static let version = Refusal(.httpVersionNotSupported, .unsupported, "only version 1.1 of HTTP is spoken here")
    static let trailers = Refusal(.badRequest, .invalid, "trailer fields are not taken")
    static let slowHead = Refusal(.requestTimeout, .timeout, "the request's header did not arrive in time")
    static let slowBody = Refusal(.requestTimeout, .timeout, "the request's body did not arrive in time")
    static func malformed(_ reason: String) -> Refusal {
        Refusal(.badRequest, .invalid, "malformed request: \(reason)")
    }
    static func bodyTooLarge(_ limit: Int) -> Refusal {
        Refusal(
            .payloadTooLarge, .tooLarge, "the body is larger than \(limit) bytes",
            hint: "raise server.limits.body_bytes")
    }
    static func headerTooLarge(_ what: String) -> Refusal {
        Refusal(.requestHeaderFieldsTooLarge, .tooLarge, "the request's header has \(what)")
    }
    static func targetTooLong(_ limit: Int) -> Refusal {
        Refusal(.uriTooLong, .tooLarge, "the path and query are longer than \(limit) bytes")
    }
    static func unreadable(_ error: HTTPParserError) -> Refusal {
        if error == .headerOverflow { return headerTooLarge("too many fields or bytes") }
        return malformed("\(error)")
    }

    /// - Parameter surface: of the request's path; its clients understand errors in its own form.
    func response(allocator: ByteBufferAllocator, surface: Surface?) -> (HTTPResponseHead, ByteBuffer) {
        let bytes =
            surface.map { DialectError(error, surface: $0).body } ?? ErrorBody.bytes(of: error, requestID: nil)
        var headers = HTTPHeaders(SecurityHeaders.everywhere.map { ($0.name.rawName, $0.value) })
        headers.add(name: "content-type", value: "application/json")
        headers.add(name: "content-length", value: String(bytes.count))
        headers.add(name: "connection", value: "close")
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), allocator.buffer(bytes: bytes))
    }
}
