public import Core
import Crypto

/// AWS Signature Version 4: "Create a signed AWS API request" in the IAM User Guide.
///
/// Header authentication of a body that is at hand as a whole; paths are encoded twice, as every service but S3 asks.
public enum SigV4 {
    public struct Credentials: Sendable, Hashable {
        public let accessKey: String
        public let secretKey: Secret
        /// Of temporary credentials.
        public let sessionToken: Secret?

        public init(accessKey: String, secretKey: Secret, sessionToken: Secret? = nil) {
            self.accessKey = accessKey
            self.secretKey = secretKey
            self.sessionToken = sessionToken
        }
    }

    /// What is signed. All headers are, so leave out those that an intermediary may change.
    public struct Request: Sendable {
        public var method: String
        /// As it is sent: percent-encoded, with a leading slash, without the query.
        public var path: String
        /// Names and values, not yet encoded.
        public var query: [(name: String, value: String)]
        /// With `host`.
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]

        public init(
            method: String, path: String, query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)], body: [UInt8] = []
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.body = body
        }
    }

    /// The headers to add: `x-amz-date`, `x-amz-security-token` where there is one, and `authorization`.
    public static func headers(
        signing request: Request, _ credentials: Credentials, region: String, service: String, at time: Timestamp
    ) -> [(name: String, value: String)] {
        let moment = basicFormat(time)
        var added = [(name: "x-amz-date", value: moment)]
        if let token = credentials.sessionToken { added.append(("x-amz-security-token", token.expose())) }
        var signed = request
        signed.headers.removeAll { header in added.contains { $0.name == header.name.lowercased() } }
        signed.headers += added
        let names = signedNames(signed.headers)
        let scope = "\(moment.prefix(8))/\(region)/\(service)/aws4_request"
        let digest = Hex.encode(SHA256.hash(data: Array(canonical(signed).utf8)))
        let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(digest)"
        let key = key(credentials.secretKey, day: String(moment.prefix(8)), region, service)
        let signature = Hex.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), "
            + "SignedHeaders=\(names), Signature=\(signature)"
        return added + [("authorization", authorization)]
    }

    static func canonical(_ request: Request) -> String {
        let path = request.path.isEmpty ? "/" : encoded(request.path, keeping: UInt8(ascii: "/"))
        let query = request.query.map { (encoded($0.name), encoded($0.value)) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
        let body = Hex.encode(SHA256.hash(data: request.body))
        let lines = grouped(request.headers).map { "\($0.name):\($0.value)\n" }.joined()
        return "\(request.method)\n\(path)\n\(query)\n\(lines)\n\(signedNames(request.headers))\n\(body)"
    }

    private static func signedNames(_ headers: [(name: String, value: String)]) -> String {
        grouped(headers).map(\.name).joined(separator: ";")
    }

    /// Lower-case names in order, each once; values trimmed, with runs of spaces made one.
    private static func grouped(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            values[name.lowercased(), default: []].append(value.split(separator: " ").joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Percent-encoding of all but RFC 3986's unreserved characters.
    private static func encoded(_ text: String, keeping kept: UInt8? = nil) -> String {
        let digits = [UInt8]("0123456789ABCDEF".utf8)
        var out = [UInt8]()
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
            case _ where byte == kept: out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func key(_ secret: Secret, day: String, _ region: String, _ service: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(secret.expose())".utf8))
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key
    }

    /// `20150830T123600Z`
    private static func basicFormat(_ time: Timestamp) -> String {
        time.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }
}
