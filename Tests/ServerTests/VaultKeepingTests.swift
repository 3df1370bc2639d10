import Core
import Foundation
import Gate
import Logging
import Models
import Privacy
import Store
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("Tokens outlive the process", .timeLimit(.minutes(10)))
struct VaultKeepingTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func inHouse(_ folder: String, _ work: @escaping @Sendable (House) async throws -> Void) async throws {
        let house = try await House.open(dataDirectory: folder, version: "test", logger: Self.logger)
        try await house.run(signals: false) { _ in try await work(house) }
    }

    private static func conceal(_ text: String, _ house: House, session: String) throws -> String {
        let shared = house.models.privacy.shared
        let rules = PrivacyRules(byLabel: [.pii: .token])
        let filter = PrivacyFilter(scanner: shared.setup.filter.scanner, rules: rules)
        let concealed = try filter.conceal(Array(text.utf8), vault: shared.vault(of: session))
        return String(decoding: concealed.text ?? Array(text.utf8), as: UTF8.self)
    }

    @Test("a value has its token after a restart too, and is nowhere on the disk in the clear")
    func restart() async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let person = Principal(id: "test#ada", kind: .person, name: "Ada", roles: ["admin"])
        let session = Mutex("")
        try await inHouse(folder.path) { house in
            let id = try house.gate.enter(person).session.id
            session.withLock { $0 = id }
            #expect(
                try Self.conceal("ask grace@example.org", house, session: session.withLock { $0 }) == "ask <EMAIL_1>")
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix("gatehouse.db") {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
            #expect(data.range(of: Data("grace@example".utf8)) == nil, "\(name)")
        }
        try await inHouse(folder.path) { house in
            let vault = house.models.privacy.shared.vault(of: session.withLock { $0 })
            #expect(vault.value(of: "<EMAIL_1>").map { String(decoding: $0, as: UTF8.self) } == "grace@example.org")
            let next = try Self.conceal(
                "alan@example.org and grace@example.org", house, session: session.withLock { $0 })
            #expect(next == "<EMAIL_2> and <EMAIL_1>")
        }
    }

    @Test("tokens go with their session, and open with the house's own key only")
    func ends() async throws {
        let folder = ScratchFolder()
        defer { folder.remove() }
        let store = try Store.open(path: folder.path + "/vaults.db", migrations: VaultTable.migrations)
        let table = VaultTable(store, secretKey: [UInt8](repeating: 1, count: 32))
        let vault = TokenVault()
        let token = try vault.token(for: Array("ada@example.org".utf8), kind: .email)
        try await table.write(["ses_1": vault, "ses_2": vault])
        let read = try table.read(isLive: { _ in true }, logger: Self.logger)
        #expect(read.keys.sorted() == ["ses_1", "ses_2"] && read["ses_2"]?.value(of: token) != nil)
        #expect(try table.read(isLive: { $0 == "ses_2" }, logger: Self.logger).keys.sorted() == ["ses_2"])
        let other = VaultTable(store, secretKey: [UInt8](repeating: 2, count: 32))
        #expect(try other.read(isLive: { _ in true }, logger: Self.logger).isEmpty)
        try await store.write { tx in
            try tx.execute("UPDATE privacy_vaults SET session = ? WHERE session = ?", [.text("ses_3"), .text("ses_2")])
        }
        let moved = try table.read(isLive: { _ in true }, logger: Self.logger)
        #expect(moved.keys.sorted() == ["ses_1"], "a vault opens for its own session only")
        try await table.remove { $0 == "ses_1" }
        let left = try await store.read { tx in
            try tx.query("SELECT session FROM privacy_vaults").map { try $0.text("session") }
        }
        #expect(left == ["ses_1"])
        try store.close()
    }
}
