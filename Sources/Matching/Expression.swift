import CPCRE2
public import Core

/// One Perl-compatible expression, compiled to machine code where the platform allows, that matches bytes under limits.
///
/// A backtracking matcher can take exponential time; the limits end that with ``Outcome/limit(_:)``, which means
/// *could not check* and is never to be read as *no match*. Immutable and safe to use from any thread.
public final class Expression: Sendable {
    public struct Options: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let caseless = Options(rawValue: 1)
        /// `.` also matches a line feed.
        public static let dotAll = Options(rawValue: 2)
        /// `^` and `$` also match at line ends.
        public static let multiline = Options(rawValue: 4)
        /// White space and `#` comments in the expression are ignored.
        public static let extended = Options(rawValue: 8)
        /// Characters instead of bytes, with Unicode properties. Invalid UTF-8 in the input matches nothing.
        public static let utf8 = Options(rawValue: 16)
        /// The match must begin where the range begins.
        public static let anchored = Options(rawValue: 32)
        /// Do not compile to machine code (for expressions used once; depth and heap limits then apply).
        public static let interpreted = Options(rawValue: 64)
    }

    public struct Limits: Sendable, Hashable {
        /// Calls of the matching function for one match: the bound on time. 100,000 take about a millisecond.
        public var matches: Int
        /// Nested backtracking points (interpreter only).
        public var depth: Int
        /// KiB of heap (interpreter only; machine code has a stack of 512 KiB).
        public var heapKiB: Int

        public init(matches: Int = 1_000_000, depth: Int = 10_000, heapKiB: Int = 4096) {
            self.matches = matches
            self.depth = depth
            self.heapKiB = heapKiB
        }
    }

    /// Which bound ended a match.
    public enum Limit: Sendable, Hashable {
        case matches, depth, heap
        /// The stack of the machine code.
        case stack
        /// Another PCRE2 error, by its number.
        case other(Int)
    }

    /// Where the match and its groups lie, as offsets from the start of the input.
    public struct Captures: Sendable, Hashable {
        /// Group 0 is the whole match; a group that took no part is nil.
        public let groups: [Range<Int>?]

        public var range: Range<Int> { groups.first.flatMap { $0 } ?? 0..<0 }

        /// Nil also for a number that the expression does not have.
        public subscript(group: Int) -> Range<Int>? { groups.indices.contains(group) ? groups[group] : nil }
    }

    public enum Outcome: Sendable, Hashable {
        case match(Captures)
        case noMatch
        /// Not known: a bound was reached first.
        case limit(Limit)
    }

    public enum End: Sendable, Hashable {
        case complete, stopped
        case limit(Limit)
    }

    static let maximumGroups = 63

    public let pattern: String
    public let limits: Limits
    /// Whether it was compiled to machine code.
    public let isJIT: Bool
    /// Number of capture groups, without group 0.
    public let groupCount: Int
    let code: Code
    let isUTF: Bool

    /// - Throws: `invalid` with the offset in bytes and PCRE2's words, or for more than 63 groups.
    public init(_ pattern: String, options: Options = [], limits: Limits = Limits()) throws(GatehouseError) {
        let code = try Code(pattern, options)
        var groups = 0 as UInt32
        pcre2_pattern_info_8(code.pointer, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
        guard groups <= Expression.maximumGroups else {
            throw GatehouseError(
                "matching", .invalid, "an expression has \(groups) groups; \(Expression.maximumGroups) are allowed")
        }
        self.pattern = pattern
        self.limits = limits
        self.code = code
        groupCount = Int(groups)
        isUTF = options.contains(.utf8)
        isJIT = !options.contains(.interpreted) && pcre2_jit_compile_8(code.pointer, PCRE2_JIT_COMPLETE) == 0
    }

    /// The group number of `(?<name>…)`, if there is one.
    public func group(named name: String) -> Int? {
        let number = name.utf8CString.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: UInt8.self) {
                pcre2_substring_number_from_name_8(code.pointer, $0.baseAddress)
            }
        }
        return number > 0 ? Int(number) : nil
    }
}

/// A compiled expression, freed with its owner. Read-only once made, hence safe to share.
final class Code: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pattern: String, _ options: Expression.Options) throws(GatehouseError) {
        var number: Int32 = 0
        var offset = 0
        let bytes = Array(pattern.utf8)
        guard let pointer = pcre2_compile_8(bytes, bytes.count, Code.flags(of: options), &number, &offset, nil) else {
            throw GatehouseError(
                "matching", .invalid, "expression does not compile at byte \(offset): \(pattern.prefix(200))",
                cause: Code.message(number))
        }
        self.pointer = pointer
    }

    deinit { pcre2_code_free_8(pointer) }

    private static func flags(of options: Expression.Options) -> UInt32 {
        // \C can step into the middle of a character; nobody needs it.
        var flags = PCRE2_NEVER_BACKSLASH_C
        if options.contains(.caseless) { flags |= PCRE2_CASELESS }
        if options.contains(.dotAll) { flags |= PCRE2_DOTALL }
        if options.contains(.multiline) { flags |= PCRE2_MULTILINE }
        if options.contains(.extended) { flags |= PCRE2_EXTENDED }
        if options.contains(.anchored) { flags |= PCRE2_ANCHORED }
        // Bytes stay bytes unless asked for: `(*UTF)` inside the expression would not allow for invalid input.
        flags |=
            options.contains(.utf8)
            ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF | PCRE2_NEVER_UCP
        return UInt32(flags)
    }

    private static func message(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "code \(number)"
    }
}
