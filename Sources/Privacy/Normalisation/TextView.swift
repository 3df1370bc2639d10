/// A text as it reads behind its disguise, with the way back: each byte knows which bytes of the text it came from.
package struct TextView: Sendable {
    package var bytes: [UInt8] = []
    /// For each byte, where in the text it comes from begins and ends.
    private var starts: [UInt32] = []
    private var ends: [UInt32] = []

    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    mutating func append(_ byte: UInt8, from range: Range<Int>) {
        bytes.append(byte)
        starts.append(UInt32(range.lowerBound))
        ends.append(UInt32(range.upperBound))
    }

    mutating func removeLast() {
        bytes.removeLast()
        starts.removeLast()
        ends.removeLast()
    }

    /// The bytes of the text that a range of this view covers.
    package func original(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= bytes.count else { return 0..<0 }
        return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
    }

    /// This view, made of `base`, as one of what `base` was made of.
    package func through(_ base: TextView?) -> TextView {
        guard let base else { return self }
        var view = self
        for index in bytes.indices {
            let range = base.original(Int(starts[index])..<Int(ends[index]))
            view.starts[index] = UInt32(range.lowerBound)
            view.ends[index] = UInt32(range.upperBound)
        }
        return view
    }
}
