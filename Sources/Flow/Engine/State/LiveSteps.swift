/// Which steps have to be looked at: those that have begun and not settled, and those that may begin, because all that
/// they need is settled. However many steps a workflow has, a turn costs what these do.
struct LiveSteps: Sendable, Hashable {
    /// By place in the file: the steps that need it.
    private let dependents: [[Int]]
    /// By place in the file: needs that are not settled.
    private var missing: [Int]
    /// In the order of the file.
    private(set) var places: [Int]

    /// - Parameter places: where each step stands in the file.
    init(_ steps: [Step], _ places: [String: Int]) {
        var dependents = [[Int]](repeating: [], count: steps.count)
        for (place, step) in steps.enumerated() {
            for need in step.needs { if let needed = places[need] { dependents[needed].append(place) } }
        }
        self.dependents = dependents
        missing = steps.map(\.needs.count)
        self.places = steps.indices.filter { steps[$0].needs.isEmpty }
    }

    /// A step has begun: usually one that might.
    mutating func opened(_ place: Int) {
        let index = places.partitioningIndex { $0 >= place }
        if index == places.count || places[index] != place { places.insert(place, at: index) }
    }

    /// A step is settled; once for each.
    mutating func settled(_ place: Int) {
        places.removeAll { $0 == place }
        for dependent in dependents[place] {
            missing[dependent] -= 1
            if missing[dependent] == 0 { opened(dependent) }
        }
    }
}

extension [Int] {
    fileprivate func partitioningIndex(where belongsInSecond: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if belongsInSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
