import Synchronization

/// One version of one file, in git's object store.
struct Blob: Sendable {
    var id: String
    var path: [UInt8]
    var bytes: [UInt8] = []
}

/// Blobs that git has been asked for and has not answered yet, in order. No longer than a pipe holds.
final class PendingBlobs: Sendable {
    private struct Line {
        var blobs: [Blob] = []
        var head = 0
    }

    private let line = Mutex(Line())

    func push(_ blob: Blob) { line.withLock { $0.blobs.append(blob) } }

    func pop() -> Blob? {
        line.withLock { line in
            guard line.head < line.blobs.count else { return nil }
            defer {
                line.head += 1
                if line.head >= 4096 {
                    line.blobs.removeFirst(line.head)
                    line.head = 0
                }
            }
            return line.blobs[line.head]
        }
    }
}

/// Reads the answers of `git cat-file --batch`: a line `ID TYPE SIZE`, that many bytes, a line feed; or `ID missing`.
/// Small blobs are gathered into batches for others to scan; a large one is scanned here as it comes.
final class BlobReader {
    static let smallBytes = 1 << 20
    static let batchBytes = 1 << 20
    static let batchCount = 256

    private enum State {
        case header
        case small(Blob, left: Int)
        case large(Blob, left: Int)
        case discard(left: Int)
        case lineFeed
    }

    private let pending: PendingBlobs
    private let limits: AssessmentLimits
    private let isTree: Bool
    private var state = State.header
    private var header: [UInt8] = []
    private var scan: ContentScan
    /// What one of these wants is not scanned as it comes.
    private let trees: [any TreeScanner]
    private var batch: [Blob] = []
    private var batchSize = 0
    private(set) var ready: [[Blob]] = []
    /// Of large and of missing blobs.
    private(set) var tally = Tally()

    /// - Parameter isTree: whether the blobs are the files of a tree, and not past versions.
    init(
        pending: PendingBlobs, scanners: [any ContentScanner], trees: [any TreeScanner] = [],
        limits: AssessmentLimits, isTree: Bool = false
    ) {
        self.trees = trees
        self.pending = pending
        self.isTree = isTree
        self.limits = limits
        scan = ContentScan(scanners: scanners, limits: limits)
    }

    func takeReady() -> [[Blob]] {
        defer { ready = [] }
        return ready
    }

    func finish() -> [[Blob]] {
        flush()
        return takeReady()
    }

    func take(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            position += step(rest)
        }
    }

    /// Returns how many bytes were used up.
    private func step(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch state {
        case .header:
            let end = bytes.firstIndex(of: 0x0A)
            header += bytes[..<(end ?? bytes.count)]
            guard let end else { return bytes.count }
            begin()
            return end + 1
        case .small(var blob, let left):
            state = .header
            let count = min(left, bytes.count)
            blob.bytes += bytes[..<count]
            state = left == count ? .lineFeed : .small(blob, left: left - count)
            if left == count { add(blob) }
            return count
        case .large(let blob, let left):
            let count = min(left, bytes.count)
            scan.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            state = left == count ? .lineFeed : .large(blob, left: left - count)
            if left == count { finish(blob) }
            return count
        case .discard(let left):
            let count = min(left, bytes.count)
            state = left == count ? .lineFeed : .discard(left: left - count)
            return count
        case .lineFeed:
            state = .header
            return 1
        }
    }

    private func begin() {
        defer { header = [] }
        let words = String(decoding: header, as: UTF8.self).split(separator: " ")
        guard let blob = pending.pop() else { return }
        guard words.count == 3, let size = Int(words[2]) else {
            return tally.note(
                blob.path, .git, "git does not have object \(blob.id) (a partial clone, or a damaged one)")
        }
        if words[1] != "blob" {
            state = size == 0 ? .lineFeed : .discard(left: size)
        } else if size > limits.blobBytes {
            tally.note(
                blob.path, .tooLarge,
                "object \(blob.id) has \(size) bytes; past versions are read up to \(limits.blobBytes)")
            state = .discard(left: size)
        } else if size == 0 {
            state = .lineFeed
        } else if size <= Self.smallBytes || Packing.isLikely(blob.path) && size <= limits.archiveBytes
            || trees.read(blob.path)
        {
            var blob = blob
            blob.bytes.reserveCapacity(size)
            state = .small(blob, left: size)
        } else {
            tally.seen += 1
            scan.begin(blob.path)
            state = .large(blob, left: size)
        }
    }

    /// A large blob that came as a stream.
    private func finish(_ blob: Blob) {
        let outcome = scan.finish()
        if outcome.packing != nil {
            tally.note(blob.path, .tooLarge, "a large archive whose name does not say so is not looked into")
        }
        tally.take(outcome, of: blob.path, blob: isTree ? nil : blob.id)
    }

    private func add(_ blob: Blob) {
        batch.append(blob)
        batchSize += blob.bytes.count
        if batchSize >= Self.batchBytes || batch.count >= Self.batchCount { flush() }
    }

    private func flush() {
        if !batch.isEmpty { ready.append(batch) }
        batch = []
        batchSize = 0
    }
}
