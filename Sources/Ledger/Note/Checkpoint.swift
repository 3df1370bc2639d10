public import Core

/// The state of a log at one size (https://c2sp.org/tlog-checkpoint). It is published as a signed note.
public struct Checkpoint: Sendable, Hashable {
    /// The log's name, unique in the world by custom a URL without scheme.
    public var origin: String
    /// Number of leaves.
    public var size: UInt64
    public var root: MerkleHash
    /// Further lines, none empty; opaque.
    public var extensions: [String]

    public init(origin: String, size: UInt64, root: MerkleHash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note whose signature the caller has checked.
    /// - Throws: `invalid`.
    public init(parsing text: String) throws(GatehouseError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // The text ends in a newline, so that the last piece is empty.
        guard lines.popLast() == "", lines.count >= 3, !lines.contains(""),
            let size = UInt64(lines[1]), String(size) == lines[1],
            let decoded = Base64.decode(lines[2]), let root = MerkleHash(decoded)
        else {
            throw GatehouseError(
                "ledger", .invalid, "the note is no checkpoint", hint: "see https://c2sp.org/tlog-checkpoint")
        }
        self.init(origin: String(lines[0]), size: size, root: root, extensions: lines[3...].map(String.init))
    }

    /// The text to be signed.
    public var text: String {
        "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" + extensions.map { $0 + "\n" }.joined()
    }

    public func signed(by key: SigningKey) throws(GatehouseError) -> SignedNote {
        try SignedNote(text: text, signedBy: [key])
    }
}
