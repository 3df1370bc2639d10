package import Core
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks where a name leads before anything is sent there: a destination that is not marked as `private` is outside, and
/// does not become a way into this network when its name does.
///
/// The name is looked up once more by who connects: against one whose answers change within that moment TLS stands, which
/// outside destinations always have.
package enum AddressGuard {
    /// - Throws: `denied` where the name leads inside, `unavailable` where it leads nowhere.
    package static func check(_ host: String) async throws(GatehouseError) {
        let found: [String]
        do {
            found = try await NIOThreadPool.singleton.runIfActive { addresses(of: host) }
        } catch { throw GatehouseError("integrations", .unavailable, "\(host) could not be looked up") }
        guard !found.isEmpty else { throw GatehouseError("integrations", .unavailable, "\(host) has no address") }
        guard !found.contains(where: AddressRanges.isInside) else {
            throw GatehouseError(
                "integrations", .denied, "\(host) leads to a private address",
                hint: "set private: true where the destination is your own")
        }
    }

    private static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [String] = []
        var next = first
        while let info = next?.pointee, found.count < 64 {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let failed = getnameinfo(
                info.ai_addr, info.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            if failed == 0 {
                found.append(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            next = info.ai_next
        }
        return found
    }
}
