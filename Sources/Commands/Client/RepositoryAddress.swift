import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a person calls a repository: a folder or a git URL.
enum RepositoryAddress {
    static func isURL(_ text: String) -> Bool {
        if ["https://", "http://", "ssh://", "git://", "file://"].contains(where: text.hasPrefix) { return true }
        guard let colon = text.firstIndex(of: ":"), let at = text.firstIndex(of: "@"), at < colon else { return false }
        return !text[..<colon].contains("/")
    }

    /// The URL as it may be recorded: user and password left out.
    static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let at = rest[..<authorityEnd].lastIndex(of: "@") else { return url }
        return "\(url[..<scheme.upperBound])\(rest[rest.index(after: at)...])"
    }

    /// The index that a hook is to look at: `git commit -a` and `git commit FILE` make one for the time of their hooks.
    static func hookIndex() throws -> String? { try Terminal.environment("GIT_INDEX_FILE").map(absolute) }

    /// The house may run in another folder: paths are handed over whole, links resolved.
    static func absolute(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw GatehouseError(
                "assess", .notFound, "there is nothing at \(path)", cause: String(cString: strerror(errno)),
                hint: "give a folder, a git repository or a git URL")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension String {
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
