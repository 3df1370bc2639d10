#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum Logarithm {
    /// Of small counts, which nearly all are.
    private static let small: [Float] = (0..<64).map { $0 == 0 ? 0 : Float(log(Double($0))) }

    /// Natural, of a positive count.
    static func of(_ count: Int) -> Float { count < small.count ? small[max(0, count)] : Float(log(Double(count))) }
    static func of(_ value: Double) -> Double { log(value) }
}

enum Exponential {
    static func of(_ value: Double) -> Double { exp(value) }

    /// 1 / (1 + e^-x).
    static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
}
