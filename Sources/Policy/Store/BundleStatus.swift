public import Core
public import Rego

/// How a bundle stands in a store.
public struct BundleStatus: Sendable, Hashable {
    /// An attempt that changed nothing.
    public struct Failure: Sendable, Hashable {
        public var time: Timestamp
        public var error: GatehouseError
        /// What is wrong with the modules, each with its place; empty for any other failure.
        public var problems: [RegoError]
    }

    public var name: String
    /// The manifest's; nil while the bundle is not active.
    public var activeRevision: String?
    public var lastActivation: Timestamp?
    /// Nil once a later attempt succeeded.
    public var failure: Failure?
}

extension GatehouseError {
    /// Any error of loading, compiling or fetching in the one shape.
    static func policy(_ message: String, _ error: any Error) -> GatehouseError {
        switch error {
        case let error as GatehouseError: error
        case let errors as RegoErrors: GatehouseError("policy", .invalid, message, cause: errors.description)
        default: GatehouseError("policy", .internal, message, from: error)
        }
    }
}
