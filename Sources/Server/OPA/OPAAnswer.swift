import Core
import HTTPTypes
import HummingbirdCore
import JSON
import Policy

extension Response {
    /// JSON, as readable and as small as the caller asks for.
    static func opa(
        _ value: JSON, _ call: Call, isPretty: Bool = false, status: HTTPResponse.Status = .ok
    ) -> Response {
        var bytes = value.bytes()
        if isPretty {
            var writer = JSONWriter(reserving: bytes.count * 2, pretty: true)
            writer.value(value)
            bytes = writer.take() + [0x0A]
        }
        guard bytes.count >= 1024, call.accepts(coding: "gzip"), let packed = try? GzipText.compress(bytes, level: 1)
        else {
            return .bytes(bytes, type: "application/json", status: status)
        }
        var response = Response.bytes(packed, type: "application/json", status: status)
        response.headers[.contentEncoding] = "gzip"
        response.headers[.vary] = "Accept-Encoding"
        return response
    }
}

extension Call {
    /// RFC 9110, section 12.5.3, as far as it is needed: a coding is taken when it is named and not refused by `q=0`.
    fileprivate func accepts(coding: String) -> Bool {
        (headers[.acceptEncoding] ?? "").lowercased().split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == coding else { return false }
            return !parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
        }
    }
}
