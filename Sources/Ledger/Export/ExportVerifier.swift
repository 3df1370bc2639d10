public import Core
internal import JSON

extension Ledger {
    /// Verifies an export with nothing but the public key and the file.
    ///
    /// - Parameters:
    ///   - key: what the checkpoints must be signed with: from the operator, never from the export.
    ///   - held: checkpoints kept from earlier, by which rolling back and forking are found.
    /// - Throws: only when the file cannot be read. What is wrong with it is in the result.
    @concurrent
    public static func verify(
        export path: String, key: VerifierKey, against held: [SignedNote] = []
    ) async throws(GatehouseError) -> Verification {
        try ExportVerifier(path, key: key, held: held).run()
    }
}

/// Reads an export twice: first its last line, which has the checkpoint, then all of it in constant memory.
private struct ExportVerifier {
    private let file: DiskFile
    private let key: VerifierKey
    private let held: [SignedNote]

    init(_ path: String, key: VerifierKey, held: [SignedNote]) throws(GatehouseError) {
        file = try DiskFile.open(path, .read)
        self.key = key
        self.held = held
    }

    func run() throws(GatehouseError) -> Verification {
        var source = CheckpointSource(key: key)
        let own = try checkpoint(&source)
        let trusted = source.held(held, origin: own?.origin)
        var sequence = LeafSequence(own: own, held: trusted)
        var lines = try LineReader(file, limit: ExportFormat.maximumLine)
        if let header = try lines.next() { checkHeader(header, own, &source) }
        while let line = try lines.next() {
            let json = try? JSON.parse(line, limits: ExportFormat.limits)
            if json?["checkpoint"] != nil { break }
            take(json, at: lines.number, &sequence)
        }
        var result = sequence.finish()
        result.merge(source.result)
        return result
    }

    private func checkpoint(_ source: inout CheckpointSource) throws(GatehouseError) -> Checkpoint? {
        guard let line = try LineReader.last(of: file, limit: 2 * SignedNote.maximumBytes),
            let note = (try? JSON.parse(line))?["checkpoint"]?.string
        else {
            source.result.report(
                .missingCheckpoint, "the export does not end in a checkpoint: it is cut or not an export")
            return nil
        }
        return source.read(Array(note.utf8), "the export's checkpoint")
    }

    private func checkHeader(_ line: [UInt8], _ own: Checkpoint?, _ source: inout CheckpointSource) {
        let json = try? JSON.parse(line, limits: ExportFormat.limits)
        guard json?["format"]?.string == ExportFormat.name, json?["version"]?.int == ExportFormat.version else {
            source.result.report(
                .malformedCheckpoint, at: 1,
                "the first line is not that of a ledger's export, version \(ExportFormat.version)")
            return
        }
        if let own, json?["origin"]?.string != own.origin {
            source.result.report(
                .wrongOrigin, at: 1, "the first line names another log than the checkpoint, \(own.origin)")
        }
    }

    private func take(_ json: JSON?, at line: UInt64, _ sequence: inout LeafSequence) {
        guard let entry = json.flatMap(ExportedEntry.init) else {
            return sequence.takeDamaged("cannot be read (line \(line))", at: line)
        }
        let leaf = entry.leaf
        let hash = leaf.hash
        guard hash == entry.leafHash else {
            return sequence.takeDamaged("does not match its hash (line \(line))", at: line)
        }
        sequence.take(leaf, hash: hash, storedHashAgrees: nil, at: line)
        guard let body = entry.body else { return sequence.takeErased(leaf) }
        guard body.count == Frame.saltBytes + Int(leaf.payloadLength),
            body.withUnsafeBytes(MerkleTree.commitment(raw:)) == leaf.commitment
        else {
            return sequence.report(
                .alteredPayload, index: leaf.index, at: line,
                "the payload of entry \(leaf.index) is not the one recorded (line \(line))")
        }
        if leaf.kind.isControl { sequence.takeControl(leaf, Array(body.dropFirst(Frame.saltBytes)), at: line) }
    }
}
