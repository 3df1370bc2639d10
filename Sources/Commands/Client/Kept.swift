import Core
import Synchronization

/// What a closure of another's making leaves behind.
final class Kept<T: Sendable>: Sendable {
    private let value = Mutex<T?>(nil)

    func keep(_ new: T) { value.withLock { $0 = new } }

    func get() throws -> T {
        guard let kept = value.withLock({ $0 }) else {
            throw GatehouseError("gatehouse", .cancelled, "stopped before it was done")
        }
        return kept
    }
}
