extension JSON {
    /// Bounds on JSON from outside. Passing one gives ``JSONError/Code/tooLarge``.
    public struct Limits: Sendable, Hashable {
        /// Bytes of the whole text.
        public var bytes: Int
        /// Arrays and objects within each other. Held to 512, because values are built, compared and released
        /// recursively and a thread's stack is small.
        public var depth: Int
        /// Values in the whole text, nested ones and containers included.
        public var values: Int
        /// Bytes of one text or key, as spelled.
        public var stringLength: Int
        /// Bytes of one number, as spelled.
        public var numberLength: Int
        /// Whether a key may come twice in an object; then the last counts. RFC 8259 leaves it open, and readers that
        /// disagree about it can be played off against each other: refused by default.
        public var allowsDuplicateKeys: Bool

        public init(
            bytes: Int = 16 << 20, depth: Int = 128, values: Int = 1_000_000, stringLength: Int = 16 << 20,
            numberLength: Int = 4096, allowsDuplicateKeys: Bool = false
        ) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
            self.stringLength = stringLength
            self.numberLength = numberLength
            self.allowsDuplicateKeys = allowsDuplicateKeys
        }

        public static let `default` = Limits()

        static let greatestDepth = 512
        /// Places are kept in 32 bits.
        static let greatestBytes = Int(UInt32.max) - 1
    }
}
