/// What the rules called so far gave, for this `input` and `data`. A `with` starts a level of its own.
struct RuleCache {
    /// By function: nil is not known, `.some(nil)` undefined.
    private var outermost: [RegoValue??] = []
    private var levels: [[Int: RegoValue?]] = []

    @inline(__always)
    func find(_ function: Int) -> RegoValue?? {
        if levels.isEmpty { return function < outermost.count ? outermost[function] : nil }
        return levels[levels.count - 1][function]
    }

    mutating func keep(_ value: RegoValue?, of function: Int, count: Int) {
        guard levels.isEmpty else {
            levels[levels.count - 1][function] = .some(value)
            return
        }
        if outermost.isEmpty { outermost = [RegoValue??](repeating: nil, count: count) }
        outermost[function] = .some(value)
    }

    mutating func push() { levels.append([:]) }
    mutating func pop() { if !levels.isEmpty { levels.removeLast() } }
}
