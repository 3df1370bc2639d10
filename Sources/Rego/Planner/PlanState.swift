/// What `with` has replaced where a function is planned. Functions are planned anew for each state.
struct PlanState: Hashable {
    /// Paths below `data` whose rules do not count.
    var shadowed: Set<[String]> = []
    /// What calls of a function mean instead, by the function's name.
    var mocks: [String: Mock] = [:]

    enum Mock: Hashable {
        case rule([String])
        case builtin(String)
        /// A value, given to every function of this state as an argument of its own.
        case value
    }

    /// The functions that have a value instead, in the order of those arguments.
    var values: [String] { mocks.filter { $0.value == .value }.keys.sorted() }

    /// Within what takes a function's place, functions mean what they always do.
    var withoutMocks: PlanState { PlanState(shadowed: shadowed) }

    func shadows(_ path: [String]) -> Bool {
        !shadowed.isEmpty && shadowed.contains { path.starts(with: $0) }
    }
}
