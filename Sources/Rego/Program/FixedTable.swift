/// Elements at fixed places that are read through a pointer: no bounds to check, nothing to retain.
///
/// Whoever reads must know that the index is within `count`; the program builder sees to it.
final class FixedTable<Element: Sendable>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        pointer = UnsafeMutablePointer.allocate(capacity: Swift.max(count, 1))
        pointer.initialize(from: elements, count: count)
    }

    deinit {
        pointer.deinitialize(count: count)
        pointer.deallocate()
    }
}
