import Core

/// Fetches a repository to be looked at and thrown away: bare, so that nothing is ever checked out (no filters, no
/// links, no submodules), over the one protocol of its address.
enum GitClone {
    static func fetch(_ url: GitURL, into folder: String, wholeHistory: Bool, timeout: Duration) async throws {
        var git = Git(protocols: [url.scheme.rawValue], readsUserConfiguration: true)
        git.header = url.credentials.map(header)
        var arguments = ["clone", "--bare", "--quiet", "--template=", "--no-tags", "--no-recurse-submodules"]
        if !wholeHistory { arguments += ["--depth", "1", "--single-branch"] }
        let configuration = git.configuration(arguments + ["--", url.address, folder])
        let output = try await git.run(configuration, limit: 64 << 10, timeout: timeout)
        guard output.isSuccess else {
            throw GatehouseError(
                "scan", .unavailable, "cannot fetch \(url.address)",
                cause: Printable.text(output.error.utf8.prefix(500)),
                hint: "check the address and that git can reach it without a prompt (a credential helper, an ssh agent)"
            )
        }
    }

    /// A name without a password is a token.
    private static func header(_ credentials: Secret) -> Secret {
        let text = credentials.expose()
        let pair = text.contains(":") ? text : "\(text):"
        return Secret("Authorization: Basic " + Base64.encode(Array(pair.utf8)))
    }
}
