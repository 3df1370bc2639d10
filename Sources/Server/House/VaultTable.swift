import Core
import Crypto
import Logging
import Privacy
import Store

/// The sessions' vaults on disk, each sealed and bound to its session: what a token stands for outlives the process, and
/// is gone with the session.
struct VaultTable: Sendable {
    static let migrations = [
        Migration(
            id: "privacy.001",
            steps: [
                .createTable(
                    "privacy_vaults", columns: [.text("session", .primaryKey), .blob("sealed", .notNull)])
            ])
    ]

    private let store: Store
    private let key: [UInt8]

    /// - Parameter secretKey: 32 random bytes; a key of its own is derived from them.
    init(_ store: Store, secretKey: [UInt8]) {
        self.store = store
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secretKey), info: Array("gatehouse token vaults v1".utf8),
            outputByteCount: 32)
        key = derived.withUnsafeBytes { Array($0) }
    }

    /// Blocks its thread: for the start. A vault that does not open is left out, and said: its tokens are then texts like
    /// any other.
    func read(isLive: (_ sessionID: String) -> Bool, logger: Logger) throws -> [String: TokenVault] {
        let rows = try store.readBlocking { tx in
            try tx.query("SELECT session, sealed FROM privacy_vaults").map {
                (session: try $0.text("session"), sealed: try $0.blob("sealed"))
            }
        }
        var vaults: [String: TokenVault] = [:]
        for row in rows where isLive(row.session) {
            do {
                vaults[row.session] = try TokenVault(opening: row.sealed, with: key, context: row.session)
            } catch {
                logger.warning(
                    "a session's tokens cannot be read any more",
                    metadata: ["session": .string(row.session), "error": "\(error)"])
            }
        }
        return vaults
    }

    func write(_ vaults: [String: TokenVault]) async throws {
        var sealed: [(session: String, bytes: [UInt8])] = []
        for (session, vault) in vaults { sealed.append((session, try vault.seal(with: key, context: session))) }
        let rows = sealed
        try await store.write { tx in
            for row in rows {
                try tx.execute(
                    """
                    INSERT INTO privacy_vaults (session, sealed) VALUES (?, ?)
                    ON CONFLICT (session) DO UPDATE SET sealed = excluded.sealed
                    """, [.text(row.session), .blob(row.bytes)])
            }
        }
    }

    func remove(unless isLive: @escaping @Sendable (_ sessionID: String) -> Bool) async throws {
        let over = try await store.read { tx in
            try tx.query("SELECT session FROM privacy_vaults").map { try $0.text("session") }.filter { !isLive($0) }
        }
        guard !over.isEmpty else { return }
        try await store.write { tx in
            for session in over {
                try tx.execute("DELETE FROM privacy_vaults WHERE session = ?", [.text(session)])
            }
        }
    }
}
