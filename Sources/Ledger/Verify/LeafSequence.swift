internal import Core

/// Takes the leaves of a log one by one, from wherever they are read, and finds what is wrong with their order, their
/// tree and their erasures. Holds no more than the tree's edge, the open questions and a bounded list of problems.
struct LeafSequence {
    private(set) var result = Verification()
    private var tree = CompactRange()
    /// The index that the next leaf should have.
    private var expected: UInt64 = 0
    private var time = Timestamp(microseconds: .min)
    private var control: UInt64 = 0
    /// Indexes that were passed over and may yet come.
    private var missing: [Range<UInt64>] = []
    /// Whether problems were found by which roots cannot but differ.
    private var isBroken = false
    private var erased: [Range<UInt64>] = []
    private var recordedErasures: [Range<UInt64>] = []
    /// Smallest size last.
    private var awaited: [Awaited]
    private var firstChangedHash: UInt64?

    private struct Awaited {
        var checkpoint: Checkpoint
        var isOwn: Bool
    }

    /// - Parameters:
    ///   - own: the log's own checkpoint, its signature checked.
    ///   - held: what the verifier knows from elsewhere, likewise.
    init(own: Checkpoint?, held: [Checkpoint]) {
        awaited = held.map { Awaited(checkpoint: $0, isOwn: false) }
        if let own { awaited.append(Awaited(checkpoint: own, isOwn: true)) }
        awaited.sort { $0.checkpoint.size > $1.checkpoint.size }
        result.checkpoint = own
        compareRoots()
    }

    mutating func report(_ kind: Verification.Problem.Kind, index: UInt64?, at place: UInt64?, _ message: String) {
        result.report(kind, index: index, at: place, message)
    }

    /// Takes a leaf that can be read.
    /// - Parameter storedHash: whether a stored hash of this leaf agrees; nil when there is none.
    mutating func take(_ leaf: Leaf, hash: MerkleHash, storedHashAgrees: Bool?, at place: UInt64) {
        follow(leaf, at: place)
        if storedHashAgrees == false { firstChangedHash = firstChangedHash ?? leaf.index }
        tree.append(hash)
        compareRoots()
    }

    /// Takes note of a leaf that cannot be read.
    mutating func takeDamaged(_ message: String, at place: UInt64) {
        result.report(.alteredLeaf, index: expected, at: place, "entry \(expected) \(message)")
        isBroken = true
        expected += 1
    }

    mutating func takeErased(_ leaf: Leaf) {
        result.erased += 1
        if let last = erased.last, last.upperBound == leaf.index {
            erased[erased.count - 1] = last.lowerBound..<leaf.index + 1
        } else {
            erased.append(leaf.index..<leaf.index + 1)
        }
    }

    mutating func takeControl(_ leaf: Leaf, _ payload: [UInt8], at place: UInt64) {
        switch ControlPayload(kind: leaf.kind, payload: payload) {
        case nil:
            result.report(
                .brokenSequence, index: leaf.index, at: place, "control entry \(leaf.index) is not of a known form")
        case .erasure(let ranges, _, _): recordedErasures += ranges
        case .hold, .release: break
        }
    }

    /// The result, once all leaves were taken.
    /// - Parameter storedHashes: the file of stored hashes, if leaves were compared with one.
    mutating func finish(storedHashes: String? = nil) -> Verification {
        for range in missing {
            for index in range.prefix(Verification.problemLimit) {
                result.report(.deletedLeaf, index: index, "entry \(index) was deleted")
            }
        }
        result.size = tree.size
        result.root = tree.root
        for late in awaited.reversed() { reportShortage(late) }
        reportErasures()
        if let storedHashes { reportStoredHashes(in: storedHashes) }
        return result
    }

    // MARK: - Order

    private mutating func follow(_ leaf: Leaf, at place: UInt64) {
        let index = leaf.index
        if index < expected {
            isBroken = true
            if let hole = missing.firstIndex(where: { $0.contains(index) }) {
                fill(hole, index)
                result.report(
                    .reorderedLeaf, index: index, at: place, "entry \(index) stands after entry \(expected - 1)")
            } else {
                result.report(
                    .insertedLeaf, index: index, at: place,
                    "a second entry \(index) was inserted after entry \(expected - 1)")
            }
            return
        }
        if index > expected {
            isBroken = true
            missing.append(expected..<index)
        } else if leaf.time < time || leaf.control != control, !isBroken {
            let what = leaf.time < time ? "is older than" : "does not continue the control chain of"
            result.report(.brokenSequence, index: index, at: place, "entry \(index) \(what) the entry before it")
        }
        expected = index + 1
        time = leaf.time
        control = leaf.latestControl
    }

    private mutating func fill(_ hole: Int, _ index: UInt64) {
        let range = missing[hole]
        let parts = [range.lowerBound..<index, index + 1..<range.upperBound]
        missing.replaceSubrange(hole...hole, with: parts.filter { !$0.isEmpty })
    }

    // MARK: - Roots

    private mutating func compareRoots() {
        while let next = awaited.last, next.checkpoint.size == tree.size {
            awaited.removeLast()
            guard !isBroken, next.checkpoint.root != tree.root else { continue }
            if next.isOwn { reportRewriting(tree.size) } else { reportFork(tree.size) }
        }
    }

    private mutating func reportRewriting(_ size: UInt64) {
        if let index = firstChangedHash {
            result.report(
                .rewritten, index: index,
                "the log is not the one its checkpoint signs: entry \(index) is the first not to match its stored hash"
            )
        } else {
            result.report(.rewritten, "the first \(size) entries are not those that the log's checkpoint signs")
        }
    }

    private mutating func reportFork(_ size: UInt64) {
        result.report(
            .forked,
            "the history is another: the first \(size) entries are not those that the checkpoint you hold signs")
    }

    private mutating func reportShortage(_ late: Awaited) {
        guard !isBroken else { return }
        let signed = late.checkpoint.size
        if late.isOwn {
            result.report(
                .truncated, index: tree.size,
                "the log was cut: it has \(tree.size) entries, its checkpoint signs \(signed)")
        } else {
            result.report(
                .rolledBack, index: tree.size,
                "the log was rolled back: it has \(tree.size) entries, the checkpoint you hold signs \(signed)")
        }
    }

    /// An own checkpoint that agrees with an unbroken log proves stored hashes wrong that do not.
    private mutating func reportStoredHashes(in path: String) {
        guard let index = firstChangedHash, result.problemCount == 0 else { return }
        result.report(
            .derivedFile, index: index,
            "\(path) has a wrong hash for entry \(index); delete it, and it is made again at the next start")
    }

    // MARK: - Erasures

    private mutating func reportErasures() {
        recordedErasures.sort { $0.lowerBound < $1.lowerBound }
        var recorded = recordedErasures[...]
        for range in erased {
            var position = range.lowerBound
            while position < range.upperBound {
                while let first = recorded.first, first.upperBound <= position { recorded.removeFirst() }
                if let covering = recorded.first(where: { $0.contains(position) }) {
                    position = covering.upperBound
                } else {
                    result.report(
                        .unrecordedErasure, index: position,
                        "the payload of entry \(position) is gone, and no erasure of it is recorded")
                    position += 1
                }
            }
        }
    }
}
