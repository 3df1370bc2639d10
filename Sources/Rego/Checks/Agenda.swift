/// Numbers to be looked at in rounds, in each in ascending order: what is added comes in this round if it is still ahead,
/// else in the next.
struct Agenda {
    private var here: Queue
    private var later = Queue()
    private var at = -1

    /// All from 0 to below a count.
    init(_ count: Int) { here = Queue(ascending: Array(0..<count)) }

    mutating func next() -> Int? {
        if here.isEmpty {
            (here, later) = (later, Queue())
            at = -1
        }
        // A number may have been added more than once.
        while let next = here.pop() {
            guard next != at else { continue }
            at = next
            return next
        }
        return later.isEmpty ? nil : self.next()
    }

    mutating func add(_ number: Int) { if number > at { here.push(number) } else { later.push(number) } }

    /// A binary heap, the least number first.
    private struct Queue {
        private var heap: [Int] = []

        init(ascending numbers: [Int] = []) { heap = numbers }

        var isEmpty: Bool { heap.isEmpty }

        mutating func push(_ number: Int) {
            heap.append(number)
            var child = heap.count - 1
            while child > 0, heap[child] < heap[(child - 1) / 2] {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> Int? {
            guard let least = heap.first, let last = heap.popLast() else { return nil }
            guard !heap.isEmpty else { return least }
            heap[0] = last
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { return least }
                if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < heap[parent] else { return least }
                heap.swapAt(child, parent)
                parent = child
            }
        }
    }
}
