#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The user who runs this process.
enum LocalUser {
    static var uid: UInt32 { getuid() }
    static var name: String { Peer.userName(of: uid) }
    static var peer: Peer { .localUser(uid: uid, name: name) }
}
