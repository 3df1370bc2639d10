import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Who is at the other end of a connection, as far as the kernel knows.
enum Peer: Sendable, Hashable {
    /// From this address, without its port; empty when it is not known. Behind a proxy it is the proxy's.
    case network(address: String)
    /// A user of this machine, over the unix socket.
    case localUser(uid: UInt32, name: String)

    var isLocalUser: Bool { if case .localUser = self { true } else { false } }

    /// As it is recorded: `192.0.2.7`, `unix:ada`.
    var name: String {
        switch self {
        case .network(let address): address
        case .localUser(_, let name): "unix:\(name)"
        }
    }

    /// Asks the kernel who connected to a unix socket (SO_PEERCRED, unix(7)).
    static func ofUnixSocket(_ channel: any Channel) -> EventLoopFuture<Peer> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<PeerCredentials> = options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.map { .localUser(uid: $0.uid, name: userName(of: $0.uid)) }
    }

    static func userName(of uid: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return "uid \(uid)"
        }
        return String(cString: name)
    }
}

/// The layout of `struct ucred`.
private struct PeerCredentials: Sendable {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}
