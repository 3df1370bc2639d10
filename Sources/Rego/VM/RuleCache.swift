/// What the rules called so far gave, and functions that cost much, for this `input` and `data`.
/// A `with` starts a level of its own.
struct RuleCache {
    /// By function: nil is not known, `.some(nil)` undefined.
    private var outermost: [RegoValue??] = []
    private var calls: [Call: RegoValue?] = [:]
    private var levels: [Level] = []

    /// A function and its arguments without `input` and `data`.
    struct Call: Hashable {
        var function: Int
        var arguments: RegoArray
    }

    private struct Level {
        var rules: [Int: RegoValue?] = [:]
        var calls: [Call: RegoValue?] = [:]
    }

    @inline(__always)
    func find(_ function: Int) -> RegoValue?? {
        if levels.isEmpty { return function < outermost.count ? outermost[function] : nil }
        return levels[levels.count - 1].rules[function]
    }

    func find(_ call: Call) -> RegoValue?? { levels.last.map { $0.calls[call] } ?? calls[call] }

    mutating func keep(_ value: RegoValue?, of function: Int, count: Int) {
        guard levels.isEmpty else {
            levels[levels.count - 1].rules[function] = .some(value)
            return
        }
        if outermost.isEmpty { outermost = [RegoValue??](repeating: nil, count: count) }
        outermost[function] = .some(value)
    }

    mutating func keep(_ value: RegoValue?, of call: Call) {
        if levels.isEmpty { calls[call] = .some(value) } else { levels[levels.count - 1].calls[call] = .some(value) }
    }

    mutating func push() { levels.append(Level()) }
    mutating func pop() { if !levels.isEmpty { levels.removeLast() } }
}
