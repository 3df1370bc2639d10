import Core
import HTTPTypes

/// Which names this server answers to, and from which pages. Keeps a page on the web from reaching a server on this
/// machine by pointing its own name here (DNS rebinding), and from posting to it.
struct HostRules: Sendable, Hashable {
    private let names: Set<String>

    /// - Parameter configured: host names without port, beside this machine's own.
    init(configured: [String] = []) {
        names = Set(["localhost", "127.0.0.1", "[::1]"] + configured.map { $0.lowercased() })
    }

    func allows(host: String?) -> Bool {
        guard let host else { return false }
        return names.contains(Self.name(of: host))
    }

    /// Whether a request that changes something comes from our own page or from no page at all.
    ///
    /// Browsers say where a request comes from in `Sec-Fetch-Site`, which no script can set. `Origin` is `null` under
    /// our
    /// referrer policy, so that it decides only where the former is missing.
    func allowsOrigin(of headers: HTTPFields, host: String?) -> Bool {
        if let site = headers[named: "Sec-Fetch-Site"] { return site == "same-origin" || site == "none" }
        guard let origin = headers[.origin] else { return true }
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard let host, parts.count == 3 else { return false }
        return parts[2].lowercased() == host.lowercased()
    }

    /// The name without its port, in lower case: `[::1]` of `[::1]:8700`.
    static func name(of host: String) -> String {
        let host = host.lowercased()
        if host.hasPrefix("[") { return String(host.prefix { $0 != "]" }) + "]" }
        return String(host.prefix { $0 != ":" })
    }
}

extension HTTPFields {
    /// A field that has no name of its own in HTTPTypes.
    subscript(named name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set { if let name = HTTPField.Name(name) { self[name] = newValue } }
    }
}
