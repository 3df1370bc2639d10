import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Users of this machine as principals: `local:UID`.
enum LocalUsers {
    static let prefix = "local:"

    static func id(_ uid: UInt32) -> String { "\(prefix)\(uid)" }

    /// Nil when it is not the id of a local user, in its one spelling.
    static func uid(of principalID: String) -> UInt32? {
        guard principalID.hasPrefix(prefix), let uid = UInt32(principalID.dropFirst(prefix.count)),
            id(uid) == principalID
        else {
            return nil
        }
        return uid
    }

    static func principal(uid: UInt32, name: String, roles: LocalUserRoles) -> Principal {
        let granted = roles.listed[String(uid)] ?? roles.listed[name] ?? (isOwner(uid) ? roles.owners : roles.others)
        return Principal(id: id(uid), kind: .person, name: name, roles: granted)
    }

    /// Root, and the user whom the process runs as: they own the program and its data.
    static func isOwner(_ uid: UInt32) -> Bool { uid == 0 || uid == geteuid() }

    /// As the user database has it; `uid 1000` where it has none.
    static func name(of uid: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return "uid \(uid)"
        }
        return String(cString: name)
    }
}
