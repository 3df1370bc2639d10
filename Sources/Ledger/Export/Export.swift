extension Ledger {
    /// Writes everything up to a new checkpoint, in a form that ``verify(export:key:against:)`` can check with nothing
    /// but the public key. The form is described in `docs/decisions/0002-ledger-is-a-file-log.md`.
    ///
    /// - Parameter write: takes the export piece by piece.
    /// - Returns: the checkpoint at its end.
    @discardableResult
    public func export(_ write: @Sendable ([UInt8]) throws -> Void) async throws -> Checkpoint {
        let note = try await checkpoint()
        let checkpoint = try Checkpoint(parsing: note.text)
        try await writeEntries(checkpoint.size, note, write)
        return checkpoint
    }

    /// Writes the export to a file, which is there as a whole or not at all. Its owner only can read it.
    @discardableResult
    public func export(to path: String) async throws -> Checkpoint {
        let file = try WholeFile(path)
        let checkpoint = try await export { try file.append($0) }
        try file.finish()
        return checkpoint
    }

    @concurrent
    private func writeEntries(_ size: UInt64, _ note: SignedNote, _ write: @Sendable ([UInt8]) throws -> Void)
        async throws
    {
        var chunk = ExportFormat.header(origin: origin, key: verifierKey, size: size)
        var failure: (any Error)?
        try access.visit(0..<size) { record in
            chunk += ExportFormat.entry(record)
            guard chunk.count >= 1 << 18 else { return true }
            do { try write(chunk) } catch { failure = error }
            chunk.removeAll(keepingCapacity: true)
            return failure == nil
        }
        if let failure { throw failure }
        try write(chunk + ExportFormat.checkpoint(note))
    }
}
