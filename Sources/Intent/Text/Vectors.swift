/// Texts as sparse vectors, one behind the other (compressed sparse rows).
struct Vectors: Sendable {
    /// Where the rows begin in `numbers` and `values`; one more than there are rows.
    private(set) var starts: [Int] = [0]
    private(set) var numbers: [Int32] = []
    private(set) var values: [Float] = []
    /// For each row, what ``SparseVector/known`` says.
    private(set) var known: [KnownShare] = []

    var count: Int { known.count }
    func range(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    mutating func append(_ vector: SparseVector) {
        numbers += vector.numbers
        values += vector.values
        known.append(vector.known)
        starts.append(numbers.count)
    }
}

/// How much of a text a model knows, from 0 to 1: the squares of known n-grams among all squares.
struct KnownShare: Sendable, Hashable {
    var words: Float = 0
    var characters: Float = 0
}

/// A text as the n-grams that are known of it: (1 + ln occurrences) × weight, each kind of n-gram scaled so that its
/// length, what is not known counted in, is that kind's share.
struct SparseVector: Sendable, Hashable {
    private(set) var numbers: [Int32] = []
    private(set) var values: [Float] = []
    private(set) var known = KnownShare()

    init(_ words: Words, _ vocabulary: Vocabulary) {
        let keys = Features.sortedKeys(of: words)
        numbers.reserveCapacity(keys.count)
        values.reserveCapacity(keys.count)
        var position = 0
        for kind in Features.Kind.allCases {
            let share = append(kind, keys, &position, vocabulary)
            switch kind {
            case .words: known.words = share
            case .characters: known.characters = share
            case .pairs: break
            }
        }
    }

    /// - Parameter position: where the kind's keys begin; where they end, afterwards.
    /// - Returns: how much of them is known.
    private mutating func append(
        _ kind: Features.Kind, _ keys: [UInt64], _ position: inout Int, _ vocabulary: Vocabulary
    ) -> Float {
        let first = values.count
        var squares: (known: Float, unknown: Float) = (0, 0)
        while position < keys.count, Features.kind(of: keys[position]) == kind {
            let start = position
            while position < keys.count, keys[position] == keys[start] { position += 1 }
            let frequency = 1 + Logarithm.of(position - start)
            guard let number = vocabulary.number(of: keys[start]) else {
                let value = frequency * vocabulary.unknownWeight
                squares.unknown += value * value
                continue
            }
            let value = frequency * vocabulary.weights[number]
            numbers.append(Int32(truncatingIfNeeded: number))
            values.append(value)
            squares.known += value * value
        }
        let all = squares.known + squares.unknown
        guard all > 0 else { return 0 }
        let scale = kind.share / all.squareRoot()
        for index in first..<values.count { values[index] *= scale }
        return squares.known / all
    }
}

extension Features.Kind {
    /// How long the part of a vector is that is of this kind. Chosen by how well unseen texts are told apart.
    fileprivate var share: Float { self == .characters ? 1.3 : 1 }
}
