/// What a verification found.
public struct Verification: Sendable, Hashable {
    public struct Problem: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// No checkpoint is there.
            case missingCheckpoint = "missing_checkpoint"
            /// The checkpoint is not in the form of one.
            case malformedCheckpoint = "malformed_checkpoint"
            /// The checkpoint is signed by the right key's name and id, but falsely.
            case badSignature = "bad_signature"
            /// The checkpoint is signed by other keys only.
            case wrongKey = "wrong_key"
            /// The checkpoint is of another log.
            case wrongOrigin = "wrong_origin"
            /// A leaf's bytes were changed.
            case alteredLeaf = "altered_leaf"
            /// A leaf is as it was, its payload or salt is not.
            case alteredPayload = "altered_payload"
            case deletedLeaf = "deleted_leaf"
            case insertedLeaf = "inserted_leaf"
            case reorderedLeaf = "reordered_leaf"
            /// The log ends before what its own checkpoint signs.
            case truncated
            /// The log is older than a checkpoint that the verifier holds.
            case rolledBack = "rolled_back"
            /// The log's history is not the one that a checkpoint held by the verifier signs.
            case forked
            /// The leaves are well-formed, but not those that the log's own checkpoint signs.
            case rewritten
            /// A payload is gone, and no entry records its erasure.
            case unrecordedErasure = "unrecorded_erasure"
            /// A payload is marked as erased, but bytes of it are left.
            case incompleteErasure = "incomplete_erasure"
            /// Time or control chain do not lead on from the leaf before.
            case brokenSequence = "broken_sequence"
            /// A file that only speeds things up is wrong; the log itself is not.
            case derivedFile = "derived_file"
        }

        public let kind: Kind
        /// The entry it is about.
        public let index: UInt64?
        /// Where in the file; bytes in a log, lines (from 1) in an export.
        public let place: UInt64?
        /// A sentence for people.
        public let message: String
    }

    /// Empty when all is sound. At most ``problemLimit`` are listed.
    public internal(set) var problems: [Problem] = []
    /// All problems, listed or not.
    public internal(set) var problemCount = 0
    /// Entries read.
    public internal(set) var size: UInt64 = 0
    /// The root over the entries read.
    public internal(set) var root: MerkleHash = MerkleTree.emptyRoot
    /// The log's own, if its signature is good.
    public internal(set) var checkpoint: Checkpoint?
    /// Entries whose payload was erased, as it is recorded.
    public internal(set) var erased: UInt64 = 0
    /// Bytes after the last whole entry: an append under way or cut short by a crash.
    public internal(set) var unfinishedBytes: UInt64 = 0

    public static let problemLimit = 100

    public var isSound: Bool { problemCount == 0 }

    /// Entries that no checkpoint signs yet.
    public var unsigned: UInt64 { size - min(size, checkpoint?.size ?? 0) }

    mutating func report(_ kind: Problem.Kind, index: UInt64? = nil, at place: UInt64? = nil, _ message: String) {
        problemCount += 1
        guard problems.count < Verification.problemLimit else { return }
        problems.append(Problem(kind: kind, index: index, place: place, message: message))
    }
}
