enum SetFunctions {
    static let all: [HCLFunction] = [
        HCLFunction("setintersection", 1...) { a throws(HCLFunctionProblem) in
            var out = try a.list(0)
            for at in 1..<max(a.count, 1) {
                let other = Set(try a.list(at))
                out.removeAll { !other.contains($0) }
            }
            return .makeSet(out)
        },
        HCLFunction("setsubtract", 2...2) { a throws(HCLFunctionProblem) in
            let other = Set(try a.list(1))
            return .makeSet(try a.list(0).filter { !other.contains($0) })
        },
        HCLFunction("setunion", 1...) { a throws(HCLFunctionProblem) in
            var out: [HCLValue] = []
            for at in 0..<a.count { out += try a.list(at) }
            return .makeSet(out)
        },
        HCLFunction("setproduct", 1...) { a throws(HCLFunctionProblem) in
            var rows: [[HCLValue]] = [[]]
            for at in 0..<a.count {
                let elements = try a.list(at)
                guard rows.count * elements.count <= HCLBudget.elements / 4 else {
                    throw HCLFunctionProblem("the product is too large")
                }
                rows = rows.flatMap { row in elements.map { row + [$0] } }
            }
            return .list(rows.map { .list($0) })
        },
    ]
}
