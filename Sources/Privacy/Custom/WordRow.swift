/// The words of a text in small letters, one blank between them, and where each stands in the text.
struct WordRow {
    /// All words, folded.
    private(set) var folded: [UInt8] = []
    /// In ``folded``.
    private(set) var places: [Range<Int>] = []
    /// In the text.
    private(set) var ranges: [Range<Int>] = []

    init(_ bytes: UnsafeRawBufferPointer) {
        folded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index].isWord else {
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, bytes[index].isWord { index += 1 }
            add(bytes, start..<index)
        }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        if !folded.isEmpty { folded.append(0x20) }
        let start = folded.count
        let word = bytes[range]
        if word.contains(where: { $0 >= 0x80 }) {
            folded += String(decoding: word, as: UTF8.self).lowercased().utf8
        } else {
            for byte in word { folded.append(Words.lowercased(byte)) }
        }
        places.append(start..<folded.count)
        ranges.append(range)
    }

    var count: Int { ranges.count }

    /// The hash of `length` words from one on.
    func hash(_ first: Int, _ length: Int, _ hasher: SipHash) -> UInt64 {
        folded.withUnsafeBytes { folded in
            let part = places[first].lowerBound..<places[first + length - 1].upperBound
            return hasher.hash(UnsafeRawBufferPointer(rebasing: folded[part]))
        }
    }

    /// Where in the text `length` words from one on stand.
    func range(_ first: Int, _ length: Int) -> Range<Int> {
        ranges[first].lowerBound..<ranges[first + length - 1].upperBound
    }

    /// How many words from one on, at most `length`, stand close together: with four bytes in between at the most.
    func reach(_ first: Int, _ length: Int) -> Int {
        var count = 1
        while count < length, first + count < ranges.count,
            ranges[first + count].lowerBound - ranges[first + count - 1].upperBound <= 4
        { count += 1 }
        return count
    }
}
