import Core
import Subprocess

/// Scans what lies in git's object store, each blob once: a listing is piped into `git cat-file --batch`, and its
/// answers are handed to as many workers as there are processors.
struct BlobScan: Sendable {
    enum Listing: Sendable {
        /// Every blob that any ref reaches.
        case history
        /// The files of one commit.
        case tree(commit: String)

        var arguments: [String] {
            switch self {
            case .history:
                [
                    "rev-list", "--objects", "--all", "--filter=object:type=blob", "--filter-provided-objects",
                    "--missing=print",
                ]
            case .tree(let commit): ["ls-tree", "-r", "-z", "--full-tree", commit]
            }
        }

        var end: UInt8 { if case .history = self { 0x0A } else { 0 } }
    }

    var git: Git
    var folder: String
    var scanners: [any ContentScanner]
    var limits: AssessmentLimits
    var ignore: IgnoreRules?

    /// - Parameter seen: called with how many blobs have been read.
    /// - Throws: `unavailable` when git fails, `timeout`.
    func run(_ listing: Listing, seen: @escaping @Sendable (Int) -> Void) async throws -> Tally {
        try await Git.within(limits.gitTimeout) { try await tally(listing, seen: seen) }
    }

    private func tally(_ listing: Listing, seen: @escaping @Sendable (Int) -> Void) async throws -> Tally {
        var tally = Tally()
        let pending = PendingBlobs()
        let reader = BlobReader(pending: pending, scanners: scanners, limits: limits)
        let isTree = if case .tree = listing { true } else { false }
        let (scanners, limits) = (scanners, limits)
        let skips = SkipCounter()
        try await fanOut(
            width: limits.width, into: &tally,
            work: { (blobs: [Blob]) in BlobScan.scan(blobs, isTree: isTree, scanners: scanners, limits: limits) },
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

    private static func scan(_ blobs: [Blob], isTree: Bool, scanners: [any ContentScanner], limits: AssessmentLimits)
        -> Tally
    {
        var tally = Tally()
        var scan = ContentScan(scanners: scanners, limits: limits)
        for blob in blobs {
            scan.begin(blob.path)
            blob.bytes.withUnsafeBytes { scan.append($0) }
            tally.take(scan.finish(), of: blob.path, blob: isTree ? nil : blob.id)
            tally.seen += 1
        }
        return tally
    }

    /// Two children at once: the listing's output is written to the reader's input while its answers are taken.
    private func read(
        _ listing: Listing, into reader: BlobReader, _ pending: PendingBlobs, _ skips: SkipCounter,
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
        _ listing: Listing, _ pending: PendingBlobs, _ skips: SkipCounter, _ writer: StandardInputWriter
    ) async throws {
        var splitter = RecordSplitter(end: listing.end)
        do {
            try await git.stream(in: folder, listing.arguments) { piece in
                var request = [UInt8]()
                for record in piece.withBytes({ splitter.take($0) }) {
                    guard let blob = blob(record, of: listing, skips) else { continue }
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

    private func blob(_ record: [UInt8], of listing: Listing, _ skips: SkipCounter) -> Blob? {
        switch listing {
        case .history:
            if record.first == UInt8(ascii: "?") { return skips.missing() }
            let space = record.firstIndex(of: 0x20) ?? record.endIndex
            let path = Array(record[space...].dropFirst())
            if ignore?.excludes(path) == true { return nil }
            return Blob(id: String(decoding: record[..<space], as: UTF8.self), path: path)
        case .tree:
            // `MODE TYPE ID<tab>PATH`
            guard let tab = record.firstIndex(of: 0x09) else { return nil }
            let words = String(decoding: record[..<tab], as: UTF8.self).split(separator: " ")
            guard words.count == 3 else { return nil }
            let path = Array(record[(tab + 1)...])
            if words[1] == "commit" { return skips.submodule(path) }
            if words[0] == "120000" { return skips.skip(.symlink) }
            if ignore?.excludes(path) == true { return skips.skip(.ignored) }
            return Blob(id: String(words[2]), path: path)
        }
    }
}
