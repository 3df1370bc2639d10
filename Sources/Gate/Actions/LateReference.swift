package import Core
import Synchronization

/// What a tool asks that is made after the tools, such as the gate itself. It is not kept alive.
public final class LateReference<Target: AnyObject & Sendable>: Sendable {
    private struct Weak: Sendable {
        weak let target: Target?
    }

    private let reference = Mutex(Weak(target: nil))
    private let absence: GatehouseError

    /// - Parameter absence: thrown before there is one, and after its end.
    package init(absence: GatehouseError) { self.absence = absence }

    public func set(_ target: Target) { reference.withLock { $0 = Weak(target: target) } }

    package func value() throws(GatehouseError) -> Target {
        if let target = reference.withLock({ $0.target }) { return target }
        throw absence
    }
}

/// The gate, for a tool that asks it.
package typealias GateReference = LateReference<Gate>

extension LateReference where Target == Gate {
    package convenience init() {
        self.init(absence: GatehouseError("gate", .unavailable, "the gate is not ready"))
    }
}
