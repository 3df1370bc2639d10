public import Core

/// Bytes that come one after the other, of which only the next are in memory.
public protocol ByteStream: AnyObject {
    /// The next bytes, at most `count`; none at the end.
    /// - Throws: `corrupt`, `tooLarge`, `unavailable`.
    func read(upTo count: Int) throws(GatehouseError) -> [UInt8]
    /// Leaves out as many bytes as are there, at most `count`, and says how many.
    func skip(_ count: Int64) throws(GatehouseError) -> Int64
}

extension ByteStream {
    static var piece: Int { 256 << 10 }

    public func skip(_ count: Int64) throws(GatehouseError) -> Int64 {
        var left = count
        while left > 0 {
            let piece = try read(upTo: Int(min(left, Int64(Self.piece))))
            if piece.isEmpty { break }
            left -= Int64(piece.count)
        }
        return count - left
    }
}

/// The bytes of a source from its start.
public final class SourceStream: ByteStream {
    private let source: any ByteSource
    private var place: Int64 = 0

    public init(_ source: any ByteSource) { self.source = source }

    public func read(upTo count: Int) throws(GatehouseError) -> [UInt8] {
        let end = min(source.count, place + Int64(max(0, count)))
        defer { place = end }
        return place < end ? try source.read(place..<end) : []
    }

    public func skip(_ count: Int64) throws(GatehouseError) -> Int64 {
        let skipped = min(max(0, count), source.count - place)
        place += skipped
        return skipped
    }
}

/// A part of a source, as a source of its own.
public struct SliceSource: ByteSource {
    private let source: any ByteSource
    private let range: Range<Int64>

    /// What does not lie in the source is left out.
    public init(_ source: any ByteSource, _ range: Range<Int64>) {
        self.source = source
        self.range = range.clamped(to: 0..<source.count)
    }

    public var count: Int64 { range.upperBound - range.lowerBound }

    public func read(_ wanted: Range<Int64>) throws(GatehouseError) -> [UInt8] {
        guard wanted.lowerBound >= 0, wanted.upperBound <= count else { throw Self.outside(wanted) }
        return try source.read(range.lowerBound + wanted.lowerBound..<range.lowerBound + wanted.upperBound)
    }
}
