import Core
import Store
import TestSupport
import Testing

@Suite struct MigrationTests {
    let scratch = ScratchFolder()
    private let later = Migration(
        id: "people.002",
        steps: [
            .addColumn(.text("mail", .notNull, .defaultValue("it's none")), to: "people"),
            .createIndex(on: "people", columns: ["mail"]),
            .update("UPDATE people SET name = ? WHERE id = ?", ["Ada L.", "p"]),
        ])

    @Test func laterMigrationsKeepTheData() throws {
        let store = try open(scratch.file("a.db"))
        try store.writeBlocking { tx in try tx.execute("INSERT INTO people (id, name) VALUES (?, ?)", ["p", "Ada"]) }
        try store.close()
        for _ in 0..<2 {
            let store = try open(scratch.file("a.db"), [Schema.people, later, Schema.counters])
            let row = try #require(try store.readBlocking { tx in try tx.first("SELECT name, mail FROM people") })
            #expect(try row.text("name") == "Ada L.")
            #expect(try row.text("mail") == "it's none")
            try store.close()
        }
    }

    @Test func aChangedMigrationIsRefusedWithTheDifference() throws {
        try open(scratch.file("a.db")).close()
        let changed = Migration(
            id: "counters.001",
            steps: [.createTable("counters", columns: [.text("name", .primaryKey), .integer("value")])])
        let error = failure { try open(scratch.file("a.db"), [Schema.people, changed]) }
        #expect(error?.code == .conflict)
        #expect(error?.message.hasPrefix("migration counters.001 differs from what was applied at 20") == true)
        #expect(error?.cause?.contains("value integer not null\" and is") == true)
    }

    @Test func aNewerDatabaseIsRefused() throws {
        try open(scratch.file("a.db"), Schema.all + [later]).close()
        let error = failure { try open(scratch.file("a.db")) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("people.002") == true)
        #expect(error?.hint?.contains("newer version") == true)
    }

    @Test func aGapInOneRoomIsRefused() throws {
        let skipped = Migration(id: "people.0005", steps: [.update("DELETE FROM visits")])
        try open(scratch.file("a.db"), Schema.all + [later]).close()
        let error = failure { try open(scratch.file("a.db"), [Schema.people, skipped, later, Schema.counters]) }
        #expect(error?.message == "migration people.0005 was never applied, yet the later people.002 was")
    }

    @Test func aFailedMigrationChangesNothing() throws {
        let broken = Migration(
            id: "broken.001",
            steps: [.createTable("half", columns: [.text("id", .primaryKey)]), .update("UPDATE nothing SET a = 1")])
        let error = failure { try open(scratch.file("a.db"), [Schema.counters, broken]) }
        #expect(error?.message == "migration broken.001 failed; nothing was changed")
        let store = try open(scratch.file("a.db"), [Schema.counters])
        #expect(failure { try store.readBlocking { tx in try tx.query("SELECT id FROM half") } } != nil)
    }

    @Test(arguments: ["user", "a b", "A", "", "1a", "a;drop", "order"])
    func namesThatWouldNeedQuotes(name: String) {
        let migration = Migration(id: "x.001", steps: [.createTable(name, columns: [.text("id", .primaryKey)])])
        #expect(failure { try open(scratch.file("a.db"), [migration]) }?.cause?.contains("cannot name") == true)
    }

    @Test func idsAreUnique() {
        #expect(failure { try open(scratch.file("a.db"), [Schema.people, Schema.people]) }?.code == .internal)
    }

    @Test func compositeKeysAndUniqueSets() throws {
        let table = Migration(
            id: "x.001",
            steps: [
                .createTable(
                    "t", columns: [.text("a", .notNull), .text("b", .notNull), .integer("c")], primaryKey: ["a", "b"],
                    unique: [["c"]])
            ])
        let store = try open(scratch.file("a.db"), [table])
        let insert = "INSERT INTO t (a, b, c) VALUES (?, ?, ?)"
        try store.writeBlocking { tx in try tx.execute(insert, ["x", "y", 1]) }
        #expect(failure { try store.writeBlocking { tx in try tx.execute(insert, ["x", "y", 2]) } }?.code == .conflict)
        #expect(failure { try store.writeBlocking { tx in try tx.execute(insert, ["x", "z", 1]) } }?.code == .conflict)
    }
}
