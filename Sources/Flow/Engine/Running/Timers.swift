import Core

/// When which run is to be looked at: one time for each.
struct Timers: Sendable {
    private struct Entry: Sendable {
        let time: Timestamp
        let run: String
    }

    private var times: [String: Timestamp] = [:]
    /// A binary heap, the earliest first. Entries that are no longer in `times` are passed over.
    private var heap: [Entry] = []

    var count: Int { times.count }

    mutating func set(_ run: String, at time: Timestamp?) {
        guard times[run] != time else { return }
        times[run] = time
        guard let time else { return compact() }
        heap.append(Entry(time: time, run: run))
        rise(from: heap.count - 1)
        compact()
    }

    /// The earliest time.
    mutating func first() -> Timestamp? {
        while let top = heap.first, times[top.run] != top.time { removeFirst() }
        return heap.first?.time
    }

    /// Those whose time has come; their times are forgotten.
    mutating func due(at now: Timestamp) -> [String] {
        var due: [String] = []
        while let top = heap.first, top.time <= now {
            if times[top.run] == top.time {
                times[top.run] = nil
                due.append(top.run)
            }
            removeFirst()
        }
        return due
    }

    /// What was set aside must not grow beyond what counts.
    private mutating func compact() {
        guard heap.count > 2 * times.count + 64 else { return }
        heap = times.map { Entry(time: $1, run: $0) }.sorted { $0.time < $1.time }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time < heap[least].time {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private mutating func rise(from index: Int) {
        var child = index
        while child > 0, heap[child].time < heap[(child - 1) / 2].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}
