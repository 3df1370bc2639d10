import Core
import HTTPTypes

enum Cookies {
    static let console = "gatehouse_console"

    static func value(of name: String, in headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0] == name, !parts[1].isEmpty, parts[1].utf8.count <= 256 {
                    return String(parts[1])
                }
            }
        }
        return nil
    }

    /// - Parameter secure: whether people reach the console over TLS.
    static func set(_ value: Secret, secure: Bool) -> String {
        "\(console)=\(value.expose()); Path=/; HttpOnly; SameSite=Strict\(secure ? "; Secure" : "")"
    }

    static func clear(secure: Bool) -> String {
        "\(console)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict\(secure ? "; Secure" : "")"
    }
}
