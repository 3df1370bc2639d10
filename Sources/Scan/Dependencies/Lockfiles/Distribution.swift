/// Which distribution an image is of, by its `etc/os-release` (os-release(5)).
enum Distribution {
    /// The ecosystem, as OSV names it with its release; nil where the file does not tell. Of distributions that have no
    /// advisories in OSV, a name that nothing is known of, so that their packages could not be checked.
    static func ecosystem(osRelease bytes: [UInt8]) -> String? {
        let fields = fields(bytes)
        let version = fields["VERSION_ID"] ?? ""
        let major = String(version.prefix { $0 != "." })
        guard let id = fields["ID"], !id.isEmpty else { return nil }
        switch id {
        case "alpine": return "Alpine:v" + version.split(separator: ".").prefix(2).joined(separator: ".")
        case "wolfi": return "Wolfi"
        case "chainguard": return "Chainguard"
        case "opensuse-tumbleweed": return "openSUSE:Tumbleweed"
        case _ where version.isEmpty: return nil
        case "debian": return "Debian:\(version)"
        case "ubuntu":
            let isLongTerm = fields["VERSION"]?.contains("LTS") ?? false
            return "Ubuntu:\(version)\(isLongTerm ? ":LTS" : "")"
        case "rhel": return "Red Hat:enterprise_linux:\(major)"
        case "rocky": return "Rocky Linux:\(major)"
        case "almalinux": return "AlmaLinux:\(major)"
        case "opensuse-leap": return "openSUSE:Leap \(version)"
        case "sles", "sled", "suse", "sle_hpc":
            // `15.5` is `15 SP5`.
            return "SUSE:Linux Enterprise " + version.replacing(".", with: " SP")
        case "mageia": return "Mageia:\(major)"
        case "photon": return "Photon OS:\(version)"
        case "azurelinux", "mariner": return "Azure Linux:\(major)"
        default: return "\(id):\(version)"
        }
    }

    /// The namespace of its packages' URLs.
    static func namespace(_ base: String) -> String? { namespaces[base] }

    /// The type of its packages' URLs.
    static func type(_ base: String) -> String? {
        switch base {
        case "Debian", "Ubuntu": "deb"
        case "Alpine", "Wolfi", "Chainguard": "apk"
        default: namespaces[base] == nil ? nil : "rpm"
        }
    }

    /// Of a package URL; nil where it does not tell a distribution whose advisories are known.
    static func ecosystem(namespace: String?, release: String?) -> String? {
        guard let base = namespaces.first(where: { $0.value == namespace })?.key else { return nil }
        if ["Wolfi", "Chainguard"].contains(base) { return base }
        // `debian-12`, `12`, `alpine-3.19`
        guard let release = release?.split(separator: "-").last.map(String.init) else { return nil }
        let major = String(release.prefix { $0 != "." })
        switch base {
        case "Alpine": return "Alpine:" + (release.hasPrefix("v") ? release : "v\(release)")
        case "Red Hat": return "Red Hat:enterprise_linux:\(major)"
        case "Rocky Linux", "AlmaLinux": return "\(base):\(major)"
        case "SUSE": return "SUSE:Linux Enterprise " + release.replacing(".", with: " SP")
        case "openSUSE": return release == "tumbleweed" ? "openSUSE:Tumbleweed" : "openSUSE:Leap \(release)"
        default: return "\(base):\(release)"
        }
    }

    private static let namespaces: [String: String] = [
        "Debian": "debian", "Ubuntu": "ubuntu", "Alpine": "alpine", "Wolfi": "wolfi", "Chainguard": "chainguard",
        "Red Hat": "redhat", "Rocky Linux": "rocky-linux", "AlmaLinux": "almalinux", "SUSE": "suse",
        "openSUSE": "opensuse",
    ]

    private static func fields(_ bytes: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for line in String(decoding: bytes.prefix(1 << 16), as: UTF8.self).split(whereSeparator: \.isLineEnd) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            fields[String(line[..<equals])] = String(
                line[line.index(after: equals)...].filter { $0 != "\"" && $0 != "'" })
        }
        return fields
    }
}
