import Synchronization

/// Counts what a listing leaves out, while others scan what it does not.
final class SkipCounter: Sendable {
    private let counted = Mutex(Inventory())

    private let missingBlobs = Mutex(0)

    var inventory: Inventory { counted.withLock { $0 } }
    var missingCount: Int { missingBlobs.withLock { $0 } }

    func missing() -> Blob? {
        missingBlobs.withLock { $0 += 1 }
        return nil
    }

    func skip(_ reason: Inventory.Skip) -> Blob? {
        counted.withLock { $0.skip(reason) }
        return nil
    }

    func submodule(_ path: [UInt8]) -> Blob? {
        counted.withLock {
            $0.skip(.submodule)
            if $0.submodules.count < Inventory.maximumListed { $0.submodules.append(Printable.text(path)) }
        }
        return nil
    }
}
