/// One-vs-rest linear support vector machines with squared hinge loss and L2 regularisation, by dual coordinate descent
/// (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", 2008), for all classes at once: a
/// sample's step is taken in every class while its n-grams' weights are at hand.
struct DualDescent {
    let vectors: Vectors
    /// Each sample's class.
    let classes: [Int]
    let lanes: Int
    /// 1 / (2 C).
    private let diagonal: Float
    /// Each sample's squared length, the intercept counted in.
    private let squares: [Float]
    /// By the n-gram's row, then class; the last row is the intercept's.
    private var weights: [Lane]
    /// By n-gram: those in most texts come first, so that what is worked with most lies together in memory.
    private let rows: [Int32]
    /// The rows of ``vectors``' n-grams.
    private let numbers: [Int32]
    /// By sample, then class: none is below zero.
    private var multipliers: [Lane]
    private var random: SplitMix

    /// - Parameter cost: C, how much a violated margin weighs against large weights.
    init(_ vectors: Vectors, features: Int, classes: [Int], classCount: Int, cost: Float, seed: UInt64) {
        self.vectors = vectors
        self.classes = classes
        lanes = Lane.count(for: classCount)
        diagonal = 0.5 / cost
        squares = (0..<vectors.count).map { row in vectors.values[vectors.range(row)].reduce(1) { $0 + $1 * $1 } }
        let rows = Self.rows(vectors.numbers, features)
        self.rows = rows
        numbers = vectors.numbers.map { rows[Int($0)] }
        weights = [Lane](repeating: .zero, count: (features + 1) * lanes)
        multipliers = [Lane](repeating: .zero, count: vectors.count * lanes)
        random = SplitMix(seed)
    }

    /// The n-grams by how many texts have them, those with most first.
    private static func rows(_ numbers: [Int32], _ features: Int) -> [Int32] {
        var counts = [Int32](repeating: 0, count: features)
        for number in numbers { counts[Int(number)] += 1 }
        var rows = [Int32](repeating: 0, count: features)
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        for (row, number) in order.enumerated() { rows[number] = Int32(truncatingIfNeeded: row) }
        return rows
    }

    /// By n-gram, then class; the last row is the intercept's.
    func weightsByFeature() -> [Lane] {
        var out: [Lane] = []
        out.reserveCapacity(weights.count)
        for row in rows { out += weights[Int(row) * lanes..<(Int(row) + 1) * lanes] }
        return out + weights.suffix(lanes)
    }

    /// Goes once over the samples, in an order of its own each time.
    mutating func pass(over samples: [Int]) {
        var order = samples
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(index, random.next(below: index + 1))
        }
        withSteps { steps in
            for sample in order { steps.step(sample) }
        }
    }

    /// Takes samples out as if they had never been there: their shares of the weights go, and their multipliers.
    mutating func remove(_ samples: [Int]) {
        withSteps { steps in
            for sample in samples { steps.remove(sample) }
        }
    }

    /// What each class makes of a sample.
    func scores(of sample: Int) -> [Lane] {
        var out = Array(weights[(weights.count - lanes)...])
        for index in vectors.range(sample) {
            let base = Int(numbers[index]) * lanes
            for lane in 0..<lanes { out[lane] += weights[base + lane] * vectors.values[index] }
        }
        return out
    }

    private mutating func withSteps(_ body: (borrowing Steps) -> Void) {
        var scores = [Lane](repeating: .zero, count: lanes)
        var moved = [Int](repeating: 0, count: lanes)
        weights.withUnsafeMutableBufferPointer { weights in
            multipliers.withUnsafeMutableBufferPointer { multipliers in
                scores.withUnsafeMutableBufferPointer { scores in
                    numbers.withUnsafeBufferPointer { numbers in
                        vectors.values.withUnsafeBufferPointer { values in
                            moved.withUnsafeMutableBufferPointer { moved in
                                body(
                                    Steps(
                                        lanes: lanes, diagonal: diagonal, starts: vectors.starts, numbers: numbers,
                                        values: values, squares: squares, classes: classes, weights: weights,
                                        multipliers: multipliers, scores: scores, moved: moved))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The arithmetic of one sample at a time, on memory that is held for a whole pass.
private struct Steps: ~Copyable {
    let lanes: Int
    let diagonal: Float
    let starts: [Int]
    let numbers: UnsafeBufferPointer<Int32>
    let values: UnsafeBufferPointer<Float>
    let squares: [Float]
    let classes: [Int]
    let weights: UnsafeMutableBufferPointer<Lane>
    let multipliers: UnsafeMutableBufferPointer<Lane>
    /// What is worked with: first the classes' scores, then the changes.
    let scores: UnsafeMutableBufferPointer<Lane>
    /// The lanes to be changed.
    let moved: UnsafeMutableBufferPointer<Int>

    private var intercept: Int { weights.count - lanes }

    @inline(__always)
    func step(_ sample: Int) {
        let range = starts[sample]..<starts[sample + 1]
        for lane in 0..<lanes { scores[lane] = weights[intercept + lane] }
        for index in range {
            let (value, base) = (values[index], Int(numbers[index]) * lanes)
            for lane in 0..<lanes { scores[lane] += weights[base + lane] * value }
        }
        add(range, turnScoresIntoChanges(sample))
    }

    /// The exact minimum along each class's coordinate.
    /// - Returns: how many lanes have a class whose multiplier moved: their numbers stand at the front of `moved`, and
    ///   there are few of them, since most classes are far from most samples.
    @inline(__always)
    private func turnScoresIntoChanges(_ sample: Int) -> Int {
        let curvature = squares[sample] + diagonal
        var count = 0
        for lane in 0..<lanes {
            let sign = Lane.sign(of: classes[sample], in: lane)
            let old = multipliers[sample * lanes + lane]
            let gradient = sign * scores[lane] - 1 + diagonal * old
            let new = pointwiseMax(old - gradient / curvature, .zero)
            multipliers[sample * lanes + lane] = new
            scores[lane] = (new - old) * sign
            guard new != old else { continue }
            moved[count] = lane
            count += 1
        }
        return count
    }

    func remove(_ sample: Int) {
        for lane in 0..<lanes {
            scores[lane] = -multipliers[sample * lanes + lane] * Lane.sign(of: classes[sample], in: lane)
            multipliers[sample * lanes + lane] = .zero
            moved[lane] = lane
        }
        add(starts[sample]..<starts[sample + 1], lanes)
    }

    @inline(__always)
    private func add(_ range: Range<Int>, _ count: Int) {
        guard count > 0 else { return }
        for lane in moved[..<count] { weights[intercept + lane] += scores[lane] }
        for index in range {
            let (value, base) = (values[index], Int(numbers[index]) * lanes)
            for lane in moved[..<count] { weights[base + lane] += scores[lane] * value }
        }
    }
}

/// Eight classes side by side.
typealias Lane = SIMD8<Float>

extension Lane {
    static func count(for classes: Int) -> Int { (classes + scalarCount - 1) / scalarCount }

    /// 1 for the class, -1 for the others.
    @inline(__always)
    static func sign(of own: Int, in lane: Int) -> Lane {
        var sign = Lane(repeating: -1)
        if own / scalarCount == lane { sign[own % scalarCount] = 1 }
        return sign
    }
}

extension [Lane] {
    /// One number a class, without what fills the last lane.
    func scalars(_ count: Int) -> [Float] {
        withUnsafeBytes { [Float]($0.bindMemory(to: Float.self).prefix(count)) }
    }
}
