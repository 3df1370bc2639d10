#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

enum NumberFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("abs", 1...1) { a throws(HCLFunctionProblem) in .number(try a.number(0).magnitude) },
        HCLFunction("ceil", 1...1) { a throws(HCLFunctionProblem) in .number(try a.number(0).rounded(.up)) },
        HCLFunction("floor", 1...1) { a throws(HCLFunctionProblem) in .number(try a.number(0).rounded(.down)) },
        HCLFunction("log", 2...2) { a throws(HCLFunctionProblem) in
            try finite(log(try a.number(0)) / log(try a.number(1)))
        },
        HCLFunction("pow", 2...2) { a throws(HCLFunctionProblem) in
            try finite(pow(try a.number(0), try a.number(1)))
        },
        HCLFunction("signum", 1...1) { a throws(HCLFunctionProblem) in
            let number = try a.number(0)
            return .number(number > 0 ? 1 : number < 0 ? -1 : 0)
        },
        HCLFunction("max", 1...) { a throws(HCLFunctionProblem) in .number(try numbers(a).reduce(-.infinity, max)) },
        HCLFunction("min", 1...) { a throws(HCLFunctionProblem) in .number(try numbers(a).reduce(.infinity, min)) },
        HCLFunction("parseint", 2...2) { a throws(HCLFunctionProblem) in
            let (text, base) = (try a.text(0), try a.integer(1))
            guard (2...36).contains(base), let value = Int(text, radix: base) else {
                throw HCLFunctionProblem("\(text.prefix(40)) is no whole number in base \(base)")
            }
            return .integer(value)
        },
        HCLFunction("sum", 1...1) { a throws(HCLFunctionProblem) in
            var sum = 0.0
            for element in try a.list(0) {
                guard let number = element.numberValue else { throw HCLFunctionProblem("an element is no number") }
                sum += number
            }
            return try finite(sum)
        },
    ]

    private static func finite(_ number: Double) throws(HCLFunctionProblem) -> HCLValue {
        guard number.isFinite else { throw HCLFunctionProblem("the result is no number") }
        return .number(number)
    }

    private static func numbers(_ arguments: HCLArguments) throws(HCLFunctionProblem) -> [Double] {
        var numbers: [Double] = []
        for at in 0..<arguments.count { numbers.append(try arguments.number(at)) }
        return numbers
    }
}
