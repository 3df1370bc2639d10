public import Core

extension Ledger {
    /// How a ledger works. The defaults suit one machine's ledger.
    public struct Options: Sendable {
        /// A checkpoint is signed after so many entries at the latest …
        public var checkpointEntries: UInt64 = 16_384
        /// … or so long after the first entry that it lacks.
        public var checkpointInterval: Duration = .seconds(5)
        /// How long what was only written may wait for the disk. Half of what is promised, to leave time for the disk.
        public var syncDelay: Duration = .milliseconds(25)
        /// Appends that wait at once. One more is refused with `exhausted`.
        public var queuedEntries = 65_536
        /// Bytes of the payloads that wait at once.
        public var queuedBytes = 64 << 20
        public var clock: any WallClock = SystemWallClock()

        public init() {}
    }

    /// When an append is acknowledged.
    public enum Durability: Sendable {
        /// When it is on the disk: it survives a power cut.
        case durable
        /// When it is written: it survives the end of the process; a power cut may lose the last 50 ms.
        case written
    }

    /// What is given for an entry that was accepted.
    public struct Receipt: Sendable, Hashable {
        public let index: UInt64
        public let leafHash: MerkleHash
        public let time: Timestamp
    }

    /// An entry as it is read.
    public struct Entry: Sendable, Hashable {
        public let leaf: Leaf
        /// 32 random bytes; nil when the payload was erased.
        public let salt: [UInt8]?
        /// Nil when it was erased.
        public let payload: [UInt8]?

        public var index: UInt64 { leaf.index }
        public var kind: EntryKind { leaf.kind }
        public var time: Timestamp { leaf.time }
        public var isErased: Bool { payload == nil }
    }

    /// What opening had to do.
    public struct Recovery: Sendable, Hashable {
        /// Entries read because no checkpoint covered them, or because derived files had to be made again.
        public var scannedEntries: UInt64 = 0
        /// Bytes of an append that was cut short, now removed.
        public var truncatedBytes: UInt64 = 0
        public var rebuiltDerivedFiles = false
        /// Payloads that a recorded erasure had left in place.
        public var completedErasures = 0
    }

    public struct InclusionProof: Sendable, Hashable {
        public let index: UInt64
        public let size: UInt64
        public let leafHash: MerkleHash
        public let root: MerkleHash
        public let path: [MerkleHash]

        public var holds: Bool {
            MerkleProof.verifyInclusion(
                leaf: leafHash.bytes, index: index, size: size, proof: path.map(\.bytes), root: root.bytes)
        }
    }

    public struct ConsistencyProof: Sendable, Hashable {
        public let first: UInt64
        public let second: UInt64
        public let firstRoot: MerkleHash
        public let secondRoot: MerkleHash
        public let path: [MerkleHash]

        public var holds: Bool {
            MerkleProof.verifyConsistency(
                first: first, second: second, proof: path.map(\.bytes), firstRoot: firstRoot.bytes,
                secondRoot: secondRoot.bytes)
        }
    }
}
