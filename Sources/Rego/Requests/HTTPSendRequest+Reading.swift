/// What OPA's page on `http.send` calls the request object.
extension HTTPSendRequest {
    private static let known: Set<String> = [
        "method", "url", "body", "raw_body", "headers", "timeout", "enable_redirect", "max_retry_attempts",
        "force_json_decode", "force_yaml_decode", "raise_error", "tls_use_system_certs",
    ]
    /// They would spare a request: answers are kept for the query in any case, and never beyond.
    private static let idle: Set<String> = [
        "cache", "force_cache", "force_cache_duration_seconds", "caching_mode", "cache_ignored_headers",
    ]
    /// Fields that say where a message ends, or which of a server's hosts is meant.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect",
    ]
    static let greatestBody = 4 << 20

    init(_ asked: RegoObject) throws(HTTPSendError) {
        try Self.checkNames(asked)
        guard let method = asked["method"]?.text, let url = asked["url"]?.text else {
            throw HTTPSendError(.refused, "'method' and 'url' must be strings")
        }
        guard !method.isEmpty, method.utf8.count <= 32, method.utf8.allSatisfy(Self.isToken) else {
            throw HTTPSendError(.refused, "'method' is no method of HTTP")
        }
        self.init(method: method.uppercased(), url: url)
        headers = try Self.headers(asked["headers"])
        body = try Self.body(asked)
        timeout = try Self.timeout(asked["timeout"])
        followsRedirects = try Self.flag("enable_redirect", of: asked) ?? false
        retries = try Self.retries(asked["max_retry_attempts"])
    }

    private static func checkNames(_ asked: RegoObject) throws(HTTPSendError) {
        for required in ["method", "url"] where asked[RegoValue(required)] == nil {
            throw HTTPSendError(.refused, "missing required request parameter '\(required)'")
        }
        for key in asked.keys {
            guard let name = key.text else { throw HTTPSendError(.refused, "invalid request parameter \(key.jsonKey)") }
            guard !known.contains(name), !idle.contains(name) else { continue }
            if name == "tls_insecure_skip_verify", asked[key] == false { continue }
            let isKnown = name.hasPrefix("tls_")
            throw HTTPSendError(
                .refused,
                isKnown
                    ? "'\(name)' is not supported: servers are verified by the system's certificates"
                    : "invalid request parameter '\(name)'")
        }
    }

    static func flag(_ name: String, of asked: RegoObject) throws(HTTPSendError) -> Bool? {
        guard let value = asked[RegoValue(name)] else { return nil }
        guard case .bool(let flag) = value else { throw HTTPSendError(.refused, "'\(name)' must be a boolean") }
        return flag
    }

    private static func headers(_ value: RegoValue?) throws(HTTPSendError) -> [HTTPSendHeader] {
        guard let value else { return [] }
        guard case .object(let object) = value else { throw HTTPSendError(.refused, "'headers' must be an object") }
        var headers: [HTTPSendHeader] = []
        for (key, value) in object {
            guard let name = key.text?.lowercased(), !name.isEmpty, name.utf8.allSatisfy(isToken),
                let text = value.text, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else { throw HTTPSendError(.refused, "the header \(key.jsonKey) is no field of HTTP with a string") }
            guard !reserved.contains(name) else {
                throw HTTPSendError(.refused, "the header \(name) is set by the sender")
            }
            headers.append(HTTPSendHeader(name, text))
        }
        return headers.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    private static func body(_ asked: RegoObject) throws(HTTPSendError) -> [UInt8] {
        var body: [UInt8] = []
        if let raw = asked["raw_body"] {
            guard let text = raw.text else { throw HTTPSendError(.refused, "'raw_body' must be a string") }
            body = Array(text.utf8)
        } else if let value = asked["body"] {
            guard value.size <= 2 * greatestBody else { throw HTTPSendError(.refused, "the body is too large") }
            body = Array(GoJSON(pretty: nil).text(value).utf8)
        }
        guard body.count <= greatestBody else {
            throw HTTPSendError(.refused, "the body has \(body.count) bytes, more than \(greatestBody)")
        }
        return body
    }

    /// A number of nanoseconds, or a text as `2s`. 0 is as long as the evaluation.
    private static func timeout(_ value: RegoValue?) throws(HTTPSendError) -> Duration {
        guard let value else { return .seconds(5) }
        var nanoseconds: Int?
        switch value {
        case .number(let number): nanoseconds = number.int
        case .string(let text):
            nanoseconds = Int(text.text)
            if nanoseconds == nil {
                do throws(BuiltinError) { nanoseconds = try GoDuration.parse(text.text) } catch {}
            }
        default: break
        }
        guard let nanoseconds, nanoseconds >= 0 else {
            throw HTTPSendError(.refused, "'timeout' must be a number of nanoseconds or a text like \"2s\"")
        }
        return nanoseconds == 0 ? .seconds(3600) : .nanoseconds(nanoseconds)
    }

    private static func retries(_ value: RegoValue?) throws(HTTPSendError) -> Int {
        guard let value else { return 0 }
        guard case .number(let number) = value, let count = number.int, count >= 0 else {
            throw HTTPSendError(.refused, "'max_retry_attempts' must be a number from 0")
        }
        return min(count, 100)
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
