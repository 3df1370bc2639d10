/// Texts that have passed, by fingerprint, and what became of them: a stream of OpenAI's responses tells each text up
/// to four times, and its repeats must become what its pieces became.
struct SeenTexts {
    /// So many bytes are as they were; for the rest stands `tail`, or nothing is different when it is nil.
    struct Outcome {
        var same: Int
        var tail: [UInt8]?

        func applied(to text: [UInt8]) -> [UInt8] {
            guard let tail else { return text }
            return text.prefix(same) + tail
        }
    }

    private static let mostTexts = 4096
    private static let mostBytes = 8 << 20
    private var outcomes: [Fingerprint.Key: Outcome] = [:]
    private var bytes = 0

    /// A text that is not remembered is inspected again, which is safe.
    mutating func remember(_ key: Fingerprint.Key, _ outcome: Outcome) {
        let size = outcome.tail?.count ?? 0
        guard outcomes.count < Self.mostTexts, bytes + size <= Self.mostBytes else { return }
        outcomes[key] = outcome
        bytes += size
    }

    func outcome(of key: Fingerprint.Key) -> Outcome? { outcomes[key] }
}

/// What tells texts apart without keeping them: SipHash under a key of this process, which nobody outside can aim at.
struct Fingerprint {
    struct Key: Hashable {
        let hash: Int
        let length: Int
        let writer: Writer
        let isJSON: Bool
    }

    private var hasher = Hasher()
    private var length = 0

    mutating func add(_ text: [UInt8]) {
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
        length += text.count
    }

    func key(_ writer: Writer, isJSON: Bool) -> Key {
        Key(hash: hasher.finalize(), length: length, writer: writer, isJSON: isJSON)
    }

    static func key(of text: [UInt8], writer: Writer, isJSON: Bool) -> Key {
        var fingerprint = Fingerprint()
        fingerprint.add(text)
        return fingerprint.key(writer, isJSON: isJSON)
    }
}
