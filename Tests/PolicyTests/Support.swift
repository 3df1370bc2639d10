import Core
import JSON
import Policy
import Rego
import Testing

extension Bundle {
    /// A bundle of one module, with the package's path as its root.
    static func of(
        _ text: String, root: String, revision: String = "1", path: String = "policy.rego", data: RegoValue = [:]
    ) -> Bundle {
        Bundle(
            manifest: Manifest(revision: revision, roots: [root]), modules: [PolicyModule(path: path, text: text)],
            data: data)
    }
}

extension PolicyStore {
    func value(_ path: String..., input: RegoValue? = nil) throws -> RegoValue? {
        try current.evaluate(path: path, input: input)
    }
}

/// The error that the body throws, whatever it is.
func failure(_ body: () throws -> Void) -> GatehouseError? {
    do {
        try body()
        Issue.record("nothing was thrown")
    } catch let error as GatehouseError {
        return error
    } catch {
        Issue.record("unexpected \(type(of: error)): \(error)")
    }
    return nil
}
