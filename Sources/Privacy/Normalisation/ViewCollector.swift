/// Gathers the views of a text, and the views of those.
struct ViewCollector {
    private(set) var views: [TextView] = []
    /// For each view, whether its end is the end of the text, of which more may come.
    private(set) var areOpenEnded: [Bool] = []
    /// Where an encoded part begins that the end of the text cuts.
    private(set) var openFrom = Int.max

    /// - Returns: false where there is more than may be looked at: what is not seen through must not pass.
    mutating func collect(
        _ bytes: UnsafeRawBufferPointer, through base: TextView?, depth: Int, isOpenEnded: Bool
    ) -> Bool {
        let triggers = Triggers(bytes)
        if triggers.needsFolding, depth < Normaliser.maximumDepth {
            let folded = Normaliser.fold(bytes)
            guard add(folded, through: base, depth, isOpenEnded) else { return false }
        }
        if triggers.isSpaced { append(Normaliser.joined(bytes).through(base), isOpenEnded) }
        if isOpenEnded, let mark = InlineMark.openPlace(bytes) {
            let word = OpenScan.wordStart(bytes, mark, 64)
            openFrom = min(openFrom, base?.original(word..<word + 1).lowerBound ?? word)
        }
        for segment in triggers.segments {
            if isOpenEnded, segment.upperBound == bytes.count {
                openFrom = min(openFrom, base?.original(segment).lowerBound ?? segment.lowerBound)
            }
            guard let decoded = EncodedSegment.decode(bytes, segment) else { continue }
            // What is encoded more often than is looked at.
            guard depth <= Normaliser.maximumDepth, add(decoded, through: base, depth, false) else { return false }
        }
        return true
    }

    private mutating func add(_ inner: TextView, through base: TextView?, _ depth: Int, _ isOpenEnded: Bool) -> Bool {
        let view = inner.through(base)
        append(view, isOpenEnded)
        guard views.count <= Normaliser.maximumViews else { return false }
        return inner.bytes.withUnsafeBytes {
            collect($0, through: view, depth: depth + 1, isOpenEnded: isOpenEnded)
        }
    }

    private mutating func append(_ view: TextView, _ isOpenEnded: Bool) {
        views.append(view)
        areOpenEnded.append(isOpenEnded)
    }
}
