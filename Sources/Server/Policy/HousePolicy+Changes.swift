import Core
import Policy
import Rego

/// Modules and data of the API: in force first, since that shows whether they hold, then kept for the next start. What
/// cannot be kept is taken back.
extension HousePolicy {
    func put(module text: [UInt8], id: String) async throws {
        let before = store.own.modules[id]?.text
        try store.put(module: text, id: id)
        do { try await table.keep(module: id, of: store) } catch {
            if let before { try store.put(module: before, id: id) } else { try store.delete(module: id) }
            throw error
        }
    }

    func delete(module id: String) async throws {
        let before = store.own.modules[id]?.text
        try store.delete(module: id)
        do { try await table.keep(module: id, of: store) } catch {
            if let before { try store.put(module: before, id: id) }
            throw error
        }
    }

    func put(data: RegoValue, at path: [String]) async throws {
        let before = store.own.data.value(at: path)
        try store.put(data: data, at: path)
        do { try await table.keepData(of: store) } catch {
            if let before { try store.put(data: before, at: path) } else { try store.delete(dataAt: path) }
            throw error
        }
    }

    func delete(dataAt path: [String]) async throws {
        let before = store.own.data.value(at: path)
        try store.delete(dataAt: path)
        do { try await table.keepData(of: store) } catch {
            if let before { try store.put(data: before, at: path) }
            throw error
        }
    }
}
