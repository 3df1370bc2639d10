/// The weights of all classes for each n-gram, in a byte each: a weight is its byte times the n-gram's own step.
struct QuantisedWeights: Sendable, Hashable {
    let classCount: Int
    /// By n-gram.
    let steps: [Float]
    /// By n-gram, then class.
    let bytes: [Int8]
    /// By class.
    let intercepts: [Float]

    init(classCount: Int, steps: [Float], bytes: [Int8], intercepts: [Float]) {
        self.classCount = classCount
        self.steps = steps
        self.bytes = bytes
        self.intercepts = intercepts
    }

    /// - Parameter rows: of lanes, by n-gram; the last is the intercept's.
    init(_ rows: [Lane], classCount: Int) {
        let lanes = Lane.count(for: classCount)
        let count = rows.count / lanes - 1
        var steps = [Float](repeating: 0, count: count)
        var bytes = [Int8](repeating: 0, count: count * classCount)
        rows.withUnsafeBytes { raw in
            let floats = raw.bindMemory(to: Float.self)
            for row in 0..<count {
                let weights = floats[row * lanes * Lane.scalarCount..<row * lanes * Lane.scalarCount + classCount]
                let largest = weights.reduce(0) { max($0, abs($1)) }
                guard largest > 0, largest.isFinite else { continue }
                steps[row] = largest / 127
                for (index, weight) in weights.enumerated() {
                    bytes[row * classCount + index] = Int8((weight / steps[row]).rounded())
                }
            }
        }
        self.init(
            classCount: classCount, steps: steps, bytes: bytes,
            intercepts: Array(rows[(count * lanes)...]).scalars(classCount))
    }

    func scores(_ vector: SparseVector) -> [Float] {
        var scores = intercepts
        scores.withUnsafeMutableBufferPointer { scores in
            bytes.withUnsafeBufferPointer { bytes in
                for (number, value) in zip(vector.numbers, vector.values) {
                    let factor = value * steps[Int(number)]
                    // A row by itself, whose places need no sums that might overflow, is added many classes at a time.
                    let row = UnsafeBufferPointer(
                        rebasing: bytes[Int(number) * classCount..<(Int(number) + 1) * classCount])
                    for index in 0..<classCount { scores[index] += factor * Float(row[index]) }
                }
            }
        }
        return scores
    }

    func weight(_ number: Int, _ index: Int) -> Float { steps[number] * Float(bytes[number * classCount + index]) }
}
