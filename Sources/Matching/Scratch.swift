import CVectorscan
import Core
import Synchronization

/// A compiled database, freed with its last owner. Read-only once made, hence safe to share.
final class Database: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { hs_free_database(pointer) }
}

/// Working memory of one engine call; used by one thread at a time.
struct Scratch: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Hands out scratch memory: as many pieces as there are calls at one time, kept for the next.
final class ScratchPool: Sendable {
    private let prototype: Scratch
    private let free = Mutex<[Scratch]>([])

    init(_ database: Database) throws(GatehouseError) {
        var pointer: OpaquePointer?
        guard hs_alloc_scratch(database.pointer, &pointer) == HS_SUCCESS, let pointer else {
            throw ScratchPool.noMemory
        }
        prototype = Scratch(pointer: pointer)
    }

    deinit {
        hs_free_scratch(prototype.pointer)
        free.withLock { for scratch in $0 { hs_free_scratch(scratch.pointer) } }
    }

    func take() throws(GatehouseError) -> Scratch {
        if let scratch = free.withLock({ $0.popLast() }) { return scratch }
        var pointer: OpaquePointer?
        guard hs_clone_scratch(prototype.pointer, &pointer) == HS_SUCCESS, let pointer else {
            throw ScratchPool.noMemory
        }
        return Scratch(pointer: pointer)
    }

    func give(_ scratch: Scratch) { free.withLock { $0.append(scratch) } }

    private static let noMemory = GatehouseError("matching", .exhausted, "no memory for the pattern engine")
}
