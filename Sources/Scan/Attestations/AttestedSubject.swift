import Archive
import Core
import Crypto
import Formats

/// What a statement is about: a file by its SHA-256, or a repository by the commit that is checked out.
enum AttestedSubject {
    /// - Throws: `notFound`; `invalid` for a folder whose content no commit tells.
    static func subject(_ path: String) async throws -> Statement.Subject {
        guard let reader = try? TreeReader(root: path) else { return try file(path) }
        return try await repository(reader.root)
    }

    private static func file(_ path: String) throws(GatehouseError) -> Statement.Subject {
        let stream = SourceStream(try FileSource(path))
        var hash = SHA256()
        while true {
            let piece = try stream.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            hash.update(data: piece)
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return Statement.Subject(name: name, digests: ["sha256": Hex.encode(hash.finalize())])
    }

    private static func repository(_ root: String) async throws -> Statement.Subject {
        guard let repository = try await GitRepository.find(at: root, git: Git()), let commit = repository.head,
            repository.prefix.isEmpty
        else {
            throw GatehouseError(
                "scan", .invalid, "\(root) is no repository with a commit, so that nothing says what is in it",
                hint: "commit it, or attest a file: an archive of it, or an image")
        }
        if !repository.isBare {
            let status = try await Git().run(in: root, ["status", "--porcelain"])
            guard status.isSuccess, status.text.isEmpty else {
                throw GatehouseError(
                    "scan", .invalid,
                    "\(root) holds changes that are not committed, so that its commit does not tell it",
                    hint: "commit or remove them first")
            }
        }
        return Statement.Subject(name: repository.identity, digests: ["gitCommit": commit])
    }
}
