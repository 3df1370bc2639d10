import Core
import Subprocess

/// Scans what lies in git's object store, each blob once: a listing is piped into `git cat-file --batch`, and its
/// answers are handed to as many workers as there are processors.
struct BlobScan: Sendable {
    var git: Git
    var folder: String
    var scanners: [any ContentScanner]
    /// Asked about the files of a tree only.
    var trees: [any TreeScanner] = []
    var code: CodeScanner?
    var limits: AssessmentLimits
    var ignore: IgnoreRules?

    /// - Parameter seen: called with how many blobs have been read.
    /// - Throws: `unavailable` when git fails, `timeout`.
    func run(_ listing: BlobListing, seen: @escaping @Sendable (Int) -> Void) async throws -> Tally {
        try await Git.within(limits.gitTimeout) { try await tally(listing, seen: seen) }
    }

    private func tally(_ listing: BlobListing, seen: @escaping @Sendable (Int) -> Void) async throws -> Tally {
        var tally = Tally()
        let pending = PendingBlobs()
        let isTree = listing.isTree
        let (scanners, limits, trees, code) = (scanners, limits, isTree ? trees : [], isTree ? code : nil)
        let reader = BlobReader(
            pending: pending, scanners: scanners, trees: trees, limits: limits, isTree: isTree)
        let skips = SkipCounter()
        try await fanOut(
            width: limits.width, into: &tally,
            work: { (blobs: [Blob]) in
                BlobScan.scan(blobs, isTree: isTree, scanners: scanners, trees: trees, code: code, limits: limits)
            },
            merge: { tally, output in
                tally.merge(output, limits: limits)
                seen(tally.seen)
            },
            produce: { hand in
                try await read(listing, into: reader, pending, skips, hand: hand)
            })
        tally.merge(reader.tally, limits: limits)
        tally.inventory.merge(skips.inventory)
        if skips.missingCount > 0 {
            tally.note([], .git, "\(skips.missingCount) past versions are not here (a partial clone, or a damaged one)")
        }
        return tally
    }

    private static func scan(
        _ blobs: [Blob], isTree: Bool, scanners: [any ContentScanner], trees: [any TreeScanner], code: CodeScanner?,
        limits: AssessmentLimits
    ) -> Tally {
        var tally = Tally()
        var scan = ContentScan(scanners: scanners, limits: limits)
        for blob in blobs {
            var packed = PackedScan(limits: limits, blob: isTree ? nil : blob.id)
            packed.scan(blob.bytes, of: blob.path, with: &scan, into: &tally)
            tally.seen += 1
            if let code, code.reads(Printable.text(blob.path)) {
                code.scan(blob.bytes, of: blob.path, hiding: KnownSecrets(scanners: scanners), into: &tally)
            }
            let file = TreeFile(path: blob.path, bytes: blob.bytes)
            if trees.read(blob.path) {
                for kept in trees.kept(of: file) { tally.keep(kept, limits: limits) }
            }
        }
        return tally
    }

    /// Two children at once: the listing's output is written to the reader's input while its answers are taken.
    private func read(
        _ listing: BlobListing, into reader: BlobReader, _ pending: PendingBlobs, _ skips: SkipCounter,
        hand: ([Blob]) async throws -> Void
    ) async throws {
        do {
            let result = try await Subprocess.run(
                git.configuration(in: folder, ["cat-file", "--batch"]), input: .inputWriter, output: .sequence,
                error: .discarded
            ) { execution in
                async let written: Void = ask(listing, pending, skips, execution.standardInputWriter)
                for try await buffer in execution.standardOutput {
                    buffer.bytes.withUnsafeBytes { reader.take($0) }
                    for batch in reader.takeReady() { try await hand(batch) }
                }
                for batch in reader.finish() { try await hand(batch) }
                try await written
            }
            guard result.terminationStatus.isSuccess else {
                throw GatehouseError("scan", .unavailable, "git cat-file failed: \(result.terminationStatus)")
            }
        } catch let error as SubprocessError {
            throw Git.translated(error)
        }
    }

    private func ask(
        _ listing: BlobListing, _ pending: PendingBlobs, _ skips: SkipCounter, _ writer: StandardInputWriter
    ) async throws {
        var splitter = RecordSplitter(end: listing.end)
        var reader = ListingReader(listing, ignore: ignore, skips: skips)
        do {
            try await git.stream(in: folder, listing.arguments) { piece in
                var request = [UInt8]()
                for record in piece.withBytes({ splitter.take($0) }) {
                    guard let blob = reader.take(record) else { continue }
                    pending.push(blob)
                    request += blob.id.utf8
                    request.append(0x0A)
                }
                if !request.isEmpty { _ = try await writer.write(request) }
            }
        } catch {
            try? await writer.finish()
            throw error
        }
        try await writer.finish()
    }
}
