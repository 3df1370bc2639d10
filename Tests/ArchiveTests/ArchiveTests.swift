import TestSupport
import Testing

@testable import Archive

@Suite struct InflateTests {
    /// A deflate block that stores its bytes as they are (RFC 1951, section 3.2.4).
    private func stored(_ bytes: [UInt8]) -> [UInt8] {
        let (low, high) = (UInt8(bytes.count & 255), UInt8(bytes.count >> 8))
        return [1, low, high, ~low, ~high] + bytes
    }

    private func run(_ bytes: [UInt8], limit: Int = 1000, ratio: Int = 10) -> Inflate.Output {
        bytes.withUnsafeBytes { Inflate.run($0, .deflate, limit: limit, ratio: ratio) }
    }

    @Test func endsAreTold() {
        let block = stored(Array("hello".utf8))
        #expect(run(block).bytes == Array("hello".utf8) && run(block).end == .complete)
        #expect(run(Array(block.dropLast(2))).end == .cutShort)
        #expect(run([7, 7, 7, 7]).end == .damaged)
        #expect(run([]).end == .cutShort)
        let cut = run(block, limit: 3)
        #expect(cut.bytes == Array("hel".utf8) && cut.end == .tooLarge)
    }

    /// One repeated byte with fixed Huffman codes: 258 bytes a copy of 13 bits.
    @Test func density() {
        var bits: [Bool] = []
        func put(_ value: Int, _ count: Int, reversed: Bool = false) {
            for index in 0..<count { bits.append(value >> (reversed ? count - 1 - index : index) & 1 == 1) }
        }
        put(1, 1)
        put(1, 2)
        put(0x30 + 0x61, 8, reversed: true)
        for _ in 0..<9000 {
            put(0b1100_0101, 8, reversed: true)
            put(0, 5)
        }
        put(0, 7)
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
        #expect(run(bytes, limit: 8 << 20, ratio: 1000).bytes.count == 1 + 258 * 9000)
        #expect(run(bytes, limit: 8 << 20, ratio: 10).end == .tooDense)
    }
}

@Suite struct EntriesTests {
    @Test func whatIsNoArchive() {
        for bytes in [[], [0x50], Array("PK\u{5}\u{6}".utf8), [UInt8](repeating: 0, count: 4000)] as [[UInt8]] {
            bytes.withUnsafeBytes { #expect(ZipEntries($0) == nil && !TarEntries.isTar($0)) }
        }
        let zeros = [UInt8](repeating: 0, count: 1024)
        zeros.withUnsafeBytes { buffer in
            var entries = TarEntries(buffer)
            guard case .end = entries.next() else { return #expect(Bool(false), "a tar of zeros has an entry") }
        }
    }

    /// An end record alone, then with a directory that leads nowhere.
    @Test func directoriesOfZips() {
        var end: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
        #expect(end.withUnsafeBytes { ZipEntries($0).map { Array($0).count } } == 0)
        (end[10], end[16]) = (1, 200)
        #expect(end.withUnsafeBytes { ZipEntries($0) == nil })
        let entry: [UInt8] = [0x50, 0x4B, 1, 2] + [UInt8](repeating: 0, count: 42)
        (end[10], end[16]) = (2, 0)
        let content = (entry + end).withUnsafeBytes { ZipEntries($0).map { $0.map(\.content) } }
        #expect(content == [.damaged, .damaged])
    }

    @Test func randomBytesNeverCrash() {
        var random = SeededRandom(seed: 5)
        let marks: [[UInt8]] = [[0x50, 0x4B, 1, 2], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], Array("ustar\0".utf8)]
        let end = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < end {
            var bytes = (0..<Int.random(in: 0...1400, using: &random)).map { _ in
                UInt8.random(in: 0...3, using: &random)
            }
            for mark in marks where bytes.count > 8 {
                let at = Int.random(in: 0...(bytes.count - mark.count), using: &random)
                bytes.replaceSubrange(at..<at + mark.count, with: mark)
            }
            bytes.withUnsafeBytes { buffer in
                for entry in ZipEntries(buffer).map({ Array($0) }) ?? [] {
                    if case .stored(let range) = entry.content { #expect(range.upperBound <= buffer.count) }
                }
                var entries = TarEntries(buffer)
                while case .file(let entry) = entries.next() { #expect(entry.content.upperBound <= buffer.count) }
            }
        }
    }
}
