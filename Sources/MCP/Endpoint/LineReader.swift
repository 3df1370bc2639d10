/// Cuts a stream of bytes into lines (LF, or CR LF), none longer than the limit.
struct LineReader: Sendable {
    enum Line: Sendable, Hashable {
        case line([UInt8])
        /// One that passed the limit; what there was of it is gone.
        case tooLong
    }

    private let greatest: Int
    private var pending: [UInt8] = []
    private var isSkipping = false
    /// How the last line that was too long began.
    private(set) var head: [UInt8] = []

    private static let headBytes = 256

    init(greatest: Int) { self.greatest = greatest }

    /// The lines that these bytes end. Empty ones are left out.
    mutating func add(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            take(rest[..<end])
            finish(&lines)
            rest = rest[(end + 1)...]
        }
        take(rest)
        return lines
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        guard !isSkipping else { return }
        guard pending.count + bytes.count <= greatest else {
            head = Array((pending + bytes.prefix(Self.headBytes)).prefix(Self.headBytes))
            (isSkipping, pending) = (true, [])
            return
        }
        pending += bytes
    }

    private mutating func finish(_ lines: inout [Line]) {
        if isSkipping {
            lines.append(.tooLong)
        } else {
            if pending.last == 0x0D { pending.removeLast() }
            if !pending.isEmpty { lines.append(.line(pending)) }
        }
        (isSkipping, pending) = (false, [])
    }
}
