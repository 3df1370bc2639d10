package import Core
package import JSON

/// What a server answered, within bounds.
package struct HTTPAnswer: Sendable, Hashable {
    package var status: Int
    /// Names in lower case.
    package var headers: [String: String] = [:]
    package var body: [UInt8] = []
    /// Whether the body was longer than is read, or broke off.
    package var isCut = false
    /// When it came: dates in it are told from this.
    package var time = Timestamp(seconds: 0)

    private static let limits = JSON.Limits(bytes: 2 << 20, depth: 64, values: 100_000)

    /// Nil where the body is no JSON.
    package var json: JSON? { isCut ? nil : try? JSON.parse(body, limits: Self.limits) }

    /// Retry-After (RFC 9110, 10.2.3): seconds, or a date.
    package var retryAfter: Duration? { headers["retry-after"].flatMap { RetryAfter.read($0, at: time) } }

    /// Why, in the server's own words where it gave any: the first text of the usual members.
    package var reason: String {
        let json = json
        let said = ["message", "error", "text", "errorMessages", "errors", "result"].lazy.compactMap { key in
            json?[key].flatMap(Self.words)
        }.first
        return "it answered \(status)" + (said.map { ": \(PlainText.cut(PlainText.line($0), to: 200))" } ?? "")
    }

    private static func words(_ json: JSON) -> String? {
        switch json {
        case .string(let text): text.isEmpty ? nil : text
        case .array(let elements): elements.isEmpty ? nil : elements.prefix(3).compactMap(words).joined(separator: "; ")
        case .object: json.text()
        default: nil
        }
    }
}

extension Verdict {
    /// What a status means wherever nothing else is said: 2xx is delivered; 408, 425, 429 and 5xx may be taken later; a
    /// redirect is not followed, since what is sent carries a token.
    init(_ answer: HTTPAnswer, item: RemoteItem? = nil) {
        switch answer.status {
        case 200...299: self = .delivered(item)
        case 300...399: self = .refused(why: "\(answer.reason), a redirect, which is not followed")
        case 408, 425, 429, 500...599: self = .tryAgain(why: answer.reason, after: answer.retryAfter)
        default: self = .refused(why: answer.reason)
        }
    }
}

enum RetryAfter {
    /// What a server may ask for.
    static let longest = Duration.seconds(3600)

    static func read(_ text: String, at now: Timestamp) -> Duration? {
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(.seconds(Int64(text) ?? Int64.max), longest)
        }
        return date(text).map { min(max($0 - now, .zero), longest) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// IMF-fixdate (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
