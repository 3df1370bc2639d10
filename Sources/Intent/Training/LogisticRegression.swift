/// Logistic regression with few variables by Newton's method, with a ridge that keeps it finite where two sides are
/// told apart without fault.
enum LogisticRegression {
    struct Sample {
        var values: [Double]
        var isPositive: Bool
        var weight: Double
    }

    /// One weight for each value; the first, of the intercept, is not held down by the ridge.
    static func fit(_ samples: [Sample], count: Int, ridge: Double = 1, iterations: Int = 30) -> [Double] {
        var weights = [Double](repeating: 0, count: count)
        var loss = self.loss(samples, weights, ridge)
        for _ in 0..<iterations {
            guard let step = newtonStep(samples, weights, ridge) else { break }
            var share = 1.0
            var next = weights
            var nextLoss = Double.infinity
            while share > 1e-4 {
                next = zip(weights, step).map { $0 - share * $1 }
                nextLoss = self.loss(samples, next, ridge)
                if nextLoss < loss { break }
                share /= 2
            }
            guard nextLoss < loss else { break }
            let isDone = loss - nextLoss < 1e-9 * (1 + loss)
            (weights, loss) = (next, nextLoss)
            if isDone { break }
        }
        return weights
    }

    private static func loss(_ samples: [Sample], _ weights: [Double], _ ridge: Double) -> Double {
        let fit = samples.reduce(0.0) { sum, sample in
            let margin = product(weights, sample.values) * (sample.isPositive ? 1 : -1)
            // ln(1 + e^-m), written so that neither end overflows.
            let term =
                margin > 0
                ? Logarithm.of(1 + Exponential.of(-margin)) : Logarithm.of(1 + Exponential.of(margin)) - margin
            return sum + sample.weight * term
        }
        return fit + ridge / 2 * weights.dropFirst().reduce(0) { $0 + $1 * $1 }
    }

    private static func newtonStep(_ samples: [Sample], _ weights: [Double], _ ridge: Double) -> [Double]? {
        let count = weights.count
        var gradient = weights.map { $0 * ridge }
        gradient[0] = 0
        var hessian = (0..<count).map { row in
            (0..<count).map { $0 == row ? (row == 0 ? 1e-9 : ridge) : 0.0 }
        }
        for sample in samples {
            let probability = Exponential.logistic(product(weights, sample.values))
            let error = (probability - (sample.isPositive ? 1 : 0)) * sample.weight
            let curvature = probability * (1 - probability) * sample.weight
            for row in 0..<count {
                gradient[row] += error * sample.values[row]
                for column in 0..<count {
                    hessian[row][column] += curvature * sample.values[row] * sample.values[column]
                }
            }
        }
        return solve(hessian, gradient)
    }

    /// Gaussian elimination with pivoting; nil where there is no one answer.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        let count = right.count
        for column in 0..<count {
            let pivot = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
            rows.swapAt(column, pivot)
            guard abs(rows[column][column]) > 1e-12 else { return nil }
            for row in 0..<count where row != column {
                let factor = rows[row][column] / rows[column][column]
                for index in column...count { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return (0..<count).map { rows[$0][count] / rows[$0][$0] }
    }

    private static func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
