/// A place in a file, as people and SARIF count: lines and columns from 1, columns in code points.
public struct Place: Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int = 1, column: Int = 1) {
        self.line = line
        self.column = column
    }

    public static func < (a: Place, b: Place) -> Bool { (a.line, a.column) < (b.line, b.column) }

    /// Moves on over these bytes.
    mutating func advance(over bytes: UnsafeRawBufferPointer) {
        let newlines = Self.count(bytes) { $0 == 0x0A }
        guard newlines > 0 else {
            column += Self.codePoints(bytes)
            return
        }
        line += newlines
        var start = bytes.endIndex
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        column = 1 + Self.codePoints(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    private static func codePoints(_ bytes: UnsafeRawBufferPointer) -> Int { count(bytes) { $0 & 0xC0 != 0x80 } }

    /// Sums in blocks that fit a byte, which the compiler turns into vector instructions.
    @inline(__always)
    private static func count(_ bytes: UnsafeRawBufferPointer, _ isCounted: (UInt8) -> Bool) -> Int {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        var total = 0
        var position = 0
        while position < bytes.count {
            let end = min(position + 255, bytes.count)
            var sum: UInt8 = 0
            while position < end {
                sum &+= isCounted(base[position]) ? 1 : 0
                position &+= 1
            }
            total &+= Int(sum)
        }
        return total
    }
}
