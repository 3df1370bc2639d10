import Core

/// Where a zip archive's central directory is, from the records at its end.
struct ZipEnd {
    var count: Int64
    var size: Int64
    var offset: Int64

    init(_ source: any ByteSource) throws(GatehouseError) {
        let tailStart = max(0, source.count - 65_557)
        let tail = try source.read(tailStart..<source.count)
        guard let place = Self.lastRecord(tail) else {
            throw ZipArchive.corrupt("it has no directory: it is no zip file")
        }
        var reader = ZipReader(Array(tail[(place + 4)...]))
        guard try reader.number(2) == 0 else { throw ZipArchive.unsupported("the archive lies in several volumes") }
        try reader.skip(4)
        count = Int64(try reader.number(2))
        size = Int64(try reader.number(4))
        offset = Int64(try reader.number(4))
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            try readLarge(source, before: tailStart + Int64(place))
        }
    }

    /// The signature nearest to the end whose comment fits what follows.
    private static func lastRecord(_ tail: [UInt8]) -> Int? {
        var place = tail.count - 22
        while place >= 0 {
            if tail[place] == 0x50, tail[place + 1] == 0x4B, tail[place + 2] == 5, tail[place + 3] == 6 {
                let comment = Int(tail[place + 20]) | Int(tail[place + 21]) << 8
                if place + 22 + comment <= tail.count { return place }
            }
            place -= 1
        }
        return nil
    }

    /// ZIP64: the locator before the end record tells where the larger one is.
    private mutating func readLarge(_ source: any ByteSource, before end: Int64) throws(GatehouseError) {
        guard end >= 20 else { throw ZipArchive.corrupt("its ZIP64 record is missing") }
        var locator = ZipReader(try source.read(end - 20..<end))
        guard try locator.number(4) == 0x0706_4B50 else { throw ZipArchive.corrupt("its ZIP64 record is missing") }
        try locator.skip(4)
        let place = try locator.length()
        guard place >= 0, place <= source.count - 56 else { throw ZipArchive.corrupt("its ZIP64 record is not in it") }
        var reader = ZipReader(try source.read(place..<place + 56))
        guard try reader.number(4) == 0x0606_4B50 else { throw ZipArchive.corrupt("its ZIP64 record is damaged") }
        try reader.skip(28)
        count = try reader.length()
        size = try reader.length()
        offset = try reader.length()
        guard count >= 0 else { throw ZipArchive.corrupt("it has no count of entries") }
    }
}

/// Numbers with the least byte first, from bytes that may end at any place.
struct ZipReader {
    private let all: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { all = bytes }

    var left: Int { all.count - place }

    mutating func number(_ width: Int) throws(GatehouseError) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in try bytes(width).enumerated() { value |= UInt64(byte) << (8 * index) }
        return value
    }

    /// Eight bytes that count something; negative ones are refused where they are used.
    mutating func length() throws(GatehouseError) -> Int64 { Int64(truncatingIfNeeded: try number(8)) }

    mutating func skip(_ count: Int) throws(GatehouseError) { _ = try bytes(count) }

    mutating func bytes(_ count: Int) throws(GatehouseError) -> ArraySlice<UInt8> {
        guard count <= left else { throw ZipArchive.corrupt("a record is cut short") }
        defer { place += count }
        return all[place..<place + count]
    }
}

/// The date and time of MS-DOS.
struct DOSTime {
    var time: Int
    var date: Int

    /// Nil for what is no date.
    var timestamp: Timestamp? {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(1980 + date >> 9 & 0x7F)-\(two(date >> 5 & 0x0F))-\(two(date & 0x1F))"
        return Timestamp("\(day)T\(two(time >> 11)):\(two(time >> 5 & 0x3F)):\(two(min(time & 0x1F, 29) * 2))Z")
    }
}
