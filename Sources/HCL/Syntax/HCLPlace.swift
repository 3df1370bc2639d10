/// A place in a file: the byte's offset from 0, line and column from 1, columns in code points.
public struct HCLPlace: Sendable, Hashable {
    public var offset: Int
    public var line: Int
    public var column: Int

    public init(offset: Int = 0, line: Int = 1, column: Int = 1) {
        self.offset = offset
        self.line = line
        self.column = column
    }
}

/// From the first byte to just past the last.
public struct HCLRange: Sendable, Hashable {
    public var start: HCLPlace
    public var end: HCLPlace

    public init(_ start: HCLPlace, _ end: HCLPlace) {
        self.start = start
        self.end = end
    }
}

/// What is wrong in one place of a file.
public struct HCLProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public var message: String
    public var place: HCLPlace
    /// The next step for the reader.
    public var hint: String?

    public init(_ message: String, at place: HCLPlace, hint: String? = nil) {
        self.message = message
        self.place = place
        self.hint = hint
    }

    /// `4:12: message; hint`
    public var description: String {
        "\(place.line):\(place.column): \(message)" + (hint.map { "; \($0)" } ?? "")
    }
}

/// Bounds on what a file may make the reader do.
public struct HCLLimits: Sendable, Hashable {
    /// Of one file, in bytes.
    public var fileBytes = 8 << 20
    /// Blocks, brackets, templates and operators within each other.
    public var depth = 96
    public var tokens = 2_000_000
    /// After so many broken blocks the rest of a file is not read.
    public var problems = 20

    public init() {}
}
