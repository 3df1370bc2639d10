/// One expression of a ``PatternSet``, in Vectorscan's subset of PCRE syntax.
public struct Pattern: Sendable, Hashable {
    public struct Options: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let caseless = Options(rawValue: 1)
        /// `.` also matches a line feed.
        public static let dotAll = Options(rawValue: 2)
        /// `^` and `$` also match at line ends.
        public static let multiline = Options(rawValue: 4)
        /// The expression is UTF-8 text and counts characters. Only for input known to be valid UTF-8:
        /// on other input the results are undefined (Vectorscan does not validate).
        public static let utf8 = Options(rawValue: 8)
        /// Report this pattern once per scan: enough to know that it occurs.
        public static let singleMatch = Options(rawValue: 16)
        /// Report where matches start. Costs half the throughput and more state; prefer to look backwards
        /// from the end with an ``Expression``. Left out where the pattern needs pre-filtering.
        public static let startOfMatch = Options(rawValue: 32)
        /// Allow a pattern that matches the empty string.
        public static let allowEmpty = Options(rawValue: 64)
    }

    /// What matches carry. Several patterns may share an id.
    public var id: Int
    public var expression: String
    public var options: Options

    public init(id: Int, _ expression: String, options: Options = []) {
        self.id = id
        self.expression = expression
        self.options = options
    }
}

/// What a callback wants next.
public enum Continuation: Sendable, Hashable {
    case proceed, stop
}

/// How a scan ended.
public enum ScanEnd: Sendable, Hashable {
    /// All input was looked at.
    case complete
    /// The callback asked to stop.
    case stopped
    /// The bound on the number of matches was reached: the rest was not looked at.
    case limit
}
