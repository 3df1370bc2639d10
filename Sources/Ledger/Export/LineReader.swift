internal import Core

/// Reads a file line by line. A line longer than the limit comes cut, and so is no valid line of anything.
struct LineReader {
    /// Of the line read last, from 1.
    private(set) var number: UInt64 = 0
    private let file: DiskFile
    private let limit: Int
    private var offset: UInt64 = 0
    private let size: UInt64
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ file: DiskFile, limit: Int) throws(GatehouseError) {
        self.file = file
        self.limit = limit
        size = try file.size()
    }

    /// The next line without its newline; nil at the end.
    mutating func next() throws(GatehouseError) -> [UInt8]? {
        var line: [UInt8] = []
        var isStarted = false
        while true {
            if position == buffer.count {
                guard offset < size else { break }
                buffer = try file.read(at: offset, count: Int(min(1 << 20, size - offset)))
                offset += UInt64(buffer.count)
                position = 0
            }
            isStarted = true
            let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n"))
            let part = buffer[position..<(end ?? buffer.count)]
            line.append(contentsOf: part.prefix(limit - min(limit, line.count)))
            position = end.map { $0 + 1 } ?? buffer.count
            if end != nil { break }
        }
        guard isStarted else { return nil }
        number += 1
        return line
    }

    /// The last line, when it is not longer than the limit.
    static func last(of file: DiskFile, limit: Int) throws(GatehouseError) -> [UInt8]? {
        let size = try file.size()
        let start = size - min(size, UInt64(limit))
        let bytes = try file.read(at: start, count: Int(size - start))
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: Int.max, omittingEmptySubsequences: true)
        return lines.last.map { Array($0) }
    }
}
