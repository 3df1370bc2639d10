import Synchronization

/// Remembers which statements were found portable, so that each text is looked through once.
final class VettedStatements: Sendable {
    /// Rooms write a few hundred constant statements; more distinct ones means that one is assembled from data.
    private static let limit = 4096
    private let known = Mutex<Set<String>>([])

    func check(_ sql: String) throws {
        if known.withLock({ $0.contains(sql) }) { return }
        try PortableSQL.check(sql)
        known.withLock { if $0.count < VettedStatements.limit { $0.insert(sql) } }
    }
}
