/// Why a text could not be read, and where: lines from 1.
public struct TextError: Error, Sendable, Hashable, CustomStringConvertible {
    public var line: Int
    public var reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    public var description: String { "line \(line): \(reason)" }
}

/// Tells the line of a place in a text.
public struct LineIndex: Sendable {
    private let ends: [Int]

    public init(_ bytes: [UInt8]) {
        ends = bytes.indices.filter { bytes[$0] == 0x0A }
    }

    /// From 1.
    public func line(of offset: Int) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}
