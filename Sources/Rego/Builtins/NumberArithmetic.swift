internal import BigInt

/// Arithmetic on numbers of any size. Integers stay exact; what has a fraction is rounded to 64 significant bits, as
/// OPA does, and spelled with as few digits as tell it apart.
enum NumberArithmetic {
    static func add(_ left: RegoNumber, _ right: RegoNumber) throws(BuiltinError) -> RegoNumber {
        if case .int(let left) = left, case .int(let right) = right {
            let (sum, overflow) = left.addingReportingOverflow(right)
            if !overflow { return .int(sum) }
        }
        let (left, right, exponent) = try aligned(left, right)
        return rounded(left + right, exponent)
    }

    static func subtract(_ left: RegoNumber, _ right: RegoNumber) throws(BuiltinError) -> RegoNumber {
        if case .int(let left) = left, case .int(let right) = right {
            let (difference, overflow) = left.subtractingReportingOverflow(right)
            if !overflow { return .int(difference) }
        }
        let (left, right, exponent) = try aligned(left, right)
        return rounded(left - right, exponent)
    }

    static func multiply(_ left: RegoNumber, _ right: RegoNumber) throws(BuiltinError) -> RegoNumber {
        if case .int(let left) = left, case .int(let right) = right {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            if !overflow { return .int(product) }
        }
        let (left, right) = (left.decimal, right.decimal)
        let bits = left.significand.bitWidth + right.significand.bitWidth
        guard bits <= greatestBits, abs(left.exponent + right.exponent) <= RegoDecimal.greatestExponent else {
            throw tooLarge
        }
        return rounded(left.significand * right.significand, left.exponent + right.exponent)
    }

    static func divide(_ left: RegoNumber, _ right: RegoNumber) throws(BuiltinError) -> RegoNumber {
        if case .int(let left) = left, case .int(let right) = right, right != 0, right != -1,
            left.isMultiple(of: right)
        {
            return .int(left / right)
        }
        var (numerator, denominator, _) = try aligned(left, right)
        guard denominator.signum() != 0 else { throw .failure("divide by zero") }
        if denominator.signum() < 0 { (numerator, denominator) = (-numerator, -denominator) }
        return quotient(numerator, denominator)
    }

    static func remainder(_ left: BigInt, _ right: BigInt) throws(BuiltinError) -> RegoNumber {
        guard right.signum() != 0 else { throw .failure("modulo by zero") }
        return RegoNumber(left % right)
    }

    enum Rounding { case down, up, nearest }

    /// To a whole number; halves away from zero.
    static func round(_ number: RegoNumber, _ rounding: Rounding) throws(BuiltinError) -> RegoNumber {
        if case .int = number { return number }
        let (significand, exponent) = number.decimal
        if exponent >= 0 {
            guard exponent <= greatestShift else { throw tooLarge }
            return RegoNumber(significand * BigInt(10).power(exponent))
        }
        guard -exponent <= significand.bitWidth else { return small(significand, rounding) }
        let unit = BigInt(10).power(-exponent)
        var (whole, rest) = significand.quotientAndRemainder(dividingBy: unit)
        switch rounding {
        case .down: if rest.signum() < 0 { whole -= 1 }
        case .up: if rest.signum() > 0 { whole += 1 }
        case .nearest:
            if BigInt(rest.magnitude) * 2 >= unit { whole += rest.signum() }
            rest = 0
        }
        return RegoNumber(whole)
    }

    /// A number nearer to zero than a half.
    private static func small(_ significand: BigInt, _ rounding: Rounding) -> RegoNumber {
        switch rounding {
        case .down: significand.signum() < 0 ? -1 : 0
        case .up: significand.signum() > 0 ? 1 : 0
        case .nearest: 0
        }
    }

    private static let greatestBits = 1 << 17
    private static let greatestShift = 10_000
    private static let tooLarge = BuiltinError.failure("a number is too large to compute with")

    /// Both as multiples of the same power of ten.
    private static func aligned(
        _ left: RegoNumber, _ right: RegoNumber
    ) throws(BuiltinError) -> (BigInt, BigInt, exponent: Int) {
        let (left, right) = (left.decimal, right.decimal)
        let exponent = min(left.exponent, right.exponent)
        let (leftShift, rightShift) = (left.exponent - exponent, right.exponent - exponent)
        guard max(leftShift, rightShift) <= greatestShift else { throw tooLarge }
        return (
            leftShift == 0 ? left.significand : left.significand * BigInt(10).power(leftShift),
            rightShift == 0 ? right.significand : right.significand * BigInt(10).power(rightShift), exponent
        )
    }

    /// Eighteen decimal digits survive 64 bits.
    private static let exactBound = BigInt(10).power(18)

    private static func rounded(_ significand: BigInt, _ exponent: Int) -> RegoNumber {
        if exponent >= 0 {
            let isShort = exponent <= greatestShift
            return isShort
                ? RegoNumber(significand * BigInt(10).power(exponent))
                : RegoNumber(significand: significand, exponent: exponent)
        }
        var (significand, exponent) = (significand, exponent)
        while exponent < 0 {
            let (quotient, remainder) = significand.quotientAndRemainder(dividingBy: 10)
            guard remainder.signum() == 0 else { break }
            (significand, exponent) = (quotient, exponent + 1)
        }
        if exponent >= 0 || significand.magnitude < exactBound.magnitude {
            return RegoNumber(significand: significand, exponent: exponent)
        }
        guard -exponent <= greatestShift else { return RegoNumber(significand: significand, exponent: exponent) }
        return quotient(significand, BigInt(10).power(-exponent))
    }

    /// A fraction with a positive denominator, whole where it can be.
    private static func quotient(_ numerator: BigInt, _ denominator: BigInt) -> RegoNumber {
        let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        if rest.signum() == 0 { return RegoNumber(whole) }
        let magnitude = BigInt(numerator.magnitude)
        // The mantissa is the fraction scaled by a power of two into 64 bits.
        var shift = 64 - (magnitude.magnitude.bitWidth - denominator.magnitude.bitWidth)
        var mantissa = scaledQuotient(magnitude, denominator, shift)
        while mantissa.magnitude.bitWidth > 64 {
            shift -= 1
            mantissa = scaledQuotient(magnitude, denominator, shift)
        }
        let shortest = shortestDecimal(mantissa, shift)
        let sign: BigInt = numerator.signum() < 0 ? -1 : 1
        return RegoNumber(significand: sign * shortest.digits, exponent: shortest.exponent)
    }

    /// `numerator × 2^shift / denominator`, rounded to the nearest, halves to even.
    private static func scaledQuotient(_ numerator: BigInt, _ denominator: BigInt, _ shift: Int) -> BigInt {
        let scaled = shift >= 0 ? numerator << shift : numerator
        let divisor = shift >= 0 ? denominator : denominator << -shift
        let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: divisor)
        let doubled = rest * 2
        if doubled > divisor || doubled == divisor && !quotient.isMultiple(of: 2) { return quotient + 1 }
        return quotient
    }

    /// The decimal with the fewest digits that is nearer to `mantissa × 2^-shift` than to its neighbours.
    private static func shortestDecimal(_ mantissa: BigInt, _ shift: Int) -> (digits: BigInt, exponent: Int) {
        // In units of half a step, so that the bounds are whole: value = 2m, bounds 2m ± 1, over 2^(shift + 1).
        let scale = shift + 1
        let value = mantissa * 2
        let estimate = Int((Double(value.magnitude.bitWidth - scale) * 0.30103).rounded(.down))
        for digits in 1...24 {
            let exponent = estimate - digits + 1
            var (numerator, unit) = scale >= 0 ? (value, BigInt(1) << scale) : (value << -scale, BigInt(1))
            var half = scale >= 0 ? BigInt(1) : BigInt(1) << -scale
            if exponent >= 0 {
                unit *= BigInt(10).power(exponent)
            } else {
                let factor = BigInt(10).power(-exponent)
                numerator *= factor
                half *= factor
            }
            let rounded = (numerator * 2 + unit) / (unit * 2)
            if BigInt((rounded * unit - numerator).magnitude) <= half { return (rounded, exponent) }
        }
        return (value, 0)
    }
}
