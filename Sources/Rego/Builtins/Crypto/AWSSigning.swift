internal import Core
internal import Crypto
internal import FoundationEssentials

/// `providers.aws.sign_req`: AWS Signature Version 4.
enum AWSSigning {
    static let all: [Builtin] = [
        Builtin(
            "providers.aws.sign_req", [.object(.string, .any), .object(.string, .any), .number], .anyObject, run: sign)
    ]

    private static let configKeys: RegoSet = ["aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"]
    private static let requestKeys: RegoSet = ["url", "method"]

    private static func sign(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError) -> RegoValue? {
        let (request, config) = (try arguments.object(0), try arguments.object(1))
        try check(config, configKeys, 2, "required AWS config parameters(s)")
        guard let nanoseconds = try arguments.number(2).int else {
            throw .operand(3, "could not convert time_ns value into a unix timestamp")
        }
        try check(request, requestKeys, 1, "required request parameters(s)")
        let body =
            request["raw_body"].map { $0.text ?? "" } ?? request["body"].map { GoJSON(pretty: nil).text($0) } ?? ""
        try context.charge(memory: body.utf8.count)
        var headers = RegoObject()
        if let given = request["headers"] {
            guard case .object(let object) = given else { throw .operand(1, given, mustBe: .object) }
            headers = object
        }
        var isUnsigned = false
        if let flag = config["disable_payload_signing"] {
            guard case .bool(let bool) = flag else {
                throw .operand(2, "invalid value for 'disable_payload_signing' in AWS config")
            }
            isUnsigned = bool
        }
        let signer = Signer(config: config, time: CalendarTime(nanoseconds: nanoseconds))
        let hash = isUnsigned ? "UNSIGNED-PAYLOAD" : Hex.encode(SHA256.hash(data: Array(body.utf8)))
        let signed = signer.headers(
            for: request["method"]?.text ?? "", URLParts(request["url"]?.text ?? ""), headers, payloadHash: hash)
        var output = request
        output.updateValue(.object(signed), forKey: "headers")
        return .object(output)
    }

    private static func check(
        _ object: RegoObject, _ keys: RegoSet, _ position: Int, _ words: String
    ) throws(BuiltinError) {
        let missing = RegoSet(keys.lazy.filter { object[$0] == nil })
        guard missing.isEmpty else { throw .operand(position, "missing \(words): \(RegoValue.set(missing))") }
        let wrong = RegoSet(keys.lazy.filter { object[$0]?.string == nil })
        guard wrong.isEmpty else { throw .operand(position, "invalid values for \(words): \(RegoValue.set(wrong))") }
    }
}

private struct URLParts {
    var host = "", path = "", query = ""

    init(_ text: String) {
        var rest = Substring(text)
        if let mark = rest.firstIndex(of: "#") { rest = rest[..<mark] }
        if let mark = rest.firstIndex(of: "?") {
            (query, rest) = (String(rest[rest.index(after: mark)...]), rest[..<mark])
        }
        if let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://") {
            rest = rest[rest.index(colon, offsetBy: 3)...]
        }
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<end]
        host = String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")
        path = String(rest[end...])
    }
}

private struct Signer {
    private let accessKey: String, secret: String, region: String, service: String, token: String
    private let date: String, dateTime: String

    /// What proxies may change is left out.
    private static let ignored: Set<String> = ["authorization", "user-agent", "x-amzn-trace-id"]

    init(config: RegoObject, time: CalendarTime) {
        accessKey = config["aws_access_key"]?.text ?? ""
        secret = config["aws_secret_access_key"]?.text ?? ""
        region = config["aws_region"]?.text ?? ""
        service = config["aws_service"]?.text ?? ""
        token = config["aws_session_token"]?.text ?? ""
        date = GoLayout("20060102").format(time)
        dateTime = GoLayout("20060102T150405Z").format(time)
    }

    func headers(for method: String, _ url: URLParts, _ given: RegoObject, payloadHash: String) -> RegoObject {
        var own = ["host": url.host, "x-amz-date": dateTime]
        if service == "s3" || service == "glacier" { own["x-amz-content-sha256"] = payloadHash }
        if !token.isEmpty { own["x-amz-security-token"] = token }
        var signed = own
        for (key, value) in given {
            let name = (key.text ?? "").lowercased()
            if !Self.ignored.contains(name) { signed[name] = value.text ?? "" }
        }
        var result = RegoObject(given.lazy.map { ($0.key, RegoValue($0.value.text ?? "")) })
        let authorization = authorization(method, url, signed, payloadHash)
        result.updateValue(RegoValue(authorization), forKey: "Authorization")
        for (name, value) in own { result.updateValue(RegoValue(value), forKey: RegoValue(name)) }
        return result
    }

    private func authorization(
        _ method: String, _ url: URLParts, _ headers: [String: String], _ payloadHash: String
    ) -> String {
        let sorted = headers.sorted { $0.key < $1.key }
        let names = sorted.map(\.key).joined(separator: ";")
        let lines = sorted.map { "\($0.key):\($0.value)\n" }.joined()
        let canonical = "\(method)\n\(url.path)\n\(url.query)\n\(lines)\n\(names)\n\(payloadHash)"
        let scope = "\(date)/\(region)/\(service)/aws4_request"
        let digest = Hex.encode(SHA256.hash(data: Array(canonical.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(dateTime)\n\(scope)\n\(digest)"
        var key = Array("AWS4\(secret)".utf8)
        for part in [date, region, service, "aws4_request"] { key = Self.mac(part, key) }
        let signature = Hex.encode(Self.mac(text, key))
        return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    }

    private static func mac(_ text: String, _ key: [UInt8]) -> [UInt8] {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)).map { $0 }
    }
}
