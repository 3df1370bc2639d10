import HTTPTypes

/// Which names an endpoint answers to and from which pages, so that no page on the web reaches a server on the reader's
/// own machine by pointing its name there (DNS rebinding).
public struct EndpointHosts: Sendable, Hashable {
    private let names: Set<String>?
    private let origins: Set<String>

    /// Whatever stands before the endpoint has looked at `Host` and `Origin` already.
    public static let checkedBefore = EndpointHosts(names: nil, origins: [])
    /// This machine by its own names, on any port.
    public static let loopback = EndpointHosts(names: ["localhost", "127.0.0.1", "[::1]"])

    /// - Parameters:
    ///   - names: without port.
    ///   - origins: further pages that may ask, as `https://name[:port]`. A page of the endpoint's own names always
    ///     may.
    public init(names: Set<String>, origins: Set<String> = []) { self.init(names: Optional(names), origins: origins) }

    private init(names: Set<String>?, origins: Set<String>) {
        self.names = names.map { Set($0.map { $0.lowercased() }) }
        self.origins = Set(origins.map { $0.lowercased() })
    }

    func refusal(_ head: HTTPRequest) -> EndpointAnswer? {
        guard let names else { return nil }
        guard let host = head.authority ?? head.headerFields[named: "Host"], names.contains(Self.name(of: host)) else {
            return .refusal(
                .forbidden, RPCError(code: RPCError.Code.refused, message: "this is not the host asked for"))
        }
        guard let origin = head.headerFields[.origin]?.lowercased(), !origins.contains(origin) else { return nil }
        let parts = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, parts[0] == "http:" || parts[0] == "https:", names.contains(Self.name(of: parts[2])) {
            return nil
        }
        return .refusal(
            .forbidden, RPCError(code: RPCError.Code.refused, message: "pages of this origin may not ask here"))
    }

    /// The name without its port: `[::1]` of `[::1]:8700`.
    private static func name(of authority: some StringProtocol) -> String {
        let authority = authority.lowercased()
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }
}

extension HTTPFields {
    fileprivate subscript(named name: String) -> String? { self[HTTPField.Name(name)] }
}
