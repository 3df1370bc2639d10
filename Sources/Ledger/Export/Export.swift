internal import Core

extension Ledger {
    /// Writes everything up to a new checkpoint, in a form that ``verify(export:key:against:)`` can check with nothing
    /// but the public key. The form is described in `docs/decisions/0002-ledger-is-a-file-log.md`.
    ///
    /// - Parameter write: takes the export piece by piece.
    /// - Returns: the checkpoint at its end.
    @discardableResult
    public func export(_ write: @Sendable ([UInt8]) throws -> Void) async throws -> Checkpoint {
        let note = try await checkpoint()
        return try await reader.export(upTo: note, key: verifierKey, write)
    }

    /// Writes the export to a file, which is there as a whole or not at all. Its owner only can read it.
    @discardableResult
    public func export(to path: String) async throws -> Checkpoint {
        let note = try await checkpoint()
        return try await reader.export(to: path, upTo: note, key: verifierKey)
    }
}

extension LedgerReader {
    /// Writes everything up to a checkpoint that was made before.
    ///
    /// - Parameters:
    ///   - note: ends the export.
    ///   - key: what the note is signed with; an export with a checkpoint that does not verify is not made.
    @discardableResult @concurrent
    public func export(
        upTo note: SignedNote, key: VerifierKey, _ write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> Checkpoint {
        let checkpoint = try Checkpoint(parsing: try note.text(verifiedBy: [key]))
        guard checkpoint.size <= size else { throw beyond(checkpoint.size) }
        var chunk = ExportFormat.header(origin: checkpoint.origin, key: key, size: checkpoint.size)
        var failure: (any Error)?
        try access.visit(0..<checkpoint.size) { record in
            chunk += ExportFormat.entry(record)
            guard chunk.count >= 1 << 18 else { return true }
            do { try write(chunk) } catch { failure = error }
            chunk.removeAll(keepingCapacity: true)
            return failure == nil
        }
        if let failure { throw failure }
        try write(chunk + ExportFormat.checkpoint(note))
        return checkpoint
    }

    /// As ``export(upTo:key:_:)``, to a file, which is there as a whole or not at all. Its owner only can read it.
    @discardableResult
    public func export(to path: String, upTo note: SignedNote, key: VerifierKey) async throws -> Checkpoint {
        let file = try WholeFile(path)
        let checkpoint = try await export(upTo: note, key: key) { try file.append($0) }
        try file.finish()
        return checkpoint
    }
}
