import Core
import Store
import TestSupport
import Testing

@Suite struct TransactionTests {
    let scratch = ScratchFolder()

    @Test func everyKindOfValueSurvives() async throws {
        let store = try open(scratch.file("a.db"))
        let born = Timestamp("1815-12-10T00:00:00.000001Z")!
        let name = "Ada 🦫 \u{1F468}\u{200D}\u{1F469} e\u{301} \"quoted\" 'x'; DROP TABLE people; --"
        let photo = (0...255).map { UInt8($0) }
        try await store.write { tx in
            let changes = try tx.execute(
                "INSERT INTO people (id, name, age, score, photo, active, born, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ["p1", .text(name), .integer(.min), 0.1, .blob(photo), .bool(false), .time(born), "{\"a\": 1.0}"])
            #expect(changes == 1)
            try tx.execute("INSERT INTO people (id, name) VALUES (?, ?)", ["p2", ""])
        }
        try await store.read { tx in
            let ada = try #require(try tx.first("SELECT * FROM people WHERE id = ?", ["p1"]))
            #expect(try ada.text("name").utf8.elementsEqual(name.utf8))
            #expect(try ada.integer("age") == .min)
            #expect(try ada.real("score") == 0.1)
            #expect(try ada.blob("photo") == photo)
            #expect(try ada.bool("active") == false)
            #expect(try ada.time("born") == born)
            #expect(try ada.text("notes") == "{\"a\": 1.0}")
            let empty = try #require(try tx.first("SELECT * FROM people WHERE id = ?", ["p2"]))
            #expect(try empty.text("name") == "")
            #expect(try empty.optionalBlob("photo") == nil)
            #expect(try empty.optionalTime("born") == nil)
            #expect(try empty.bool("active"))
            #expect(try empty.isNull("age"))
        }
    }

    @Test func aMegabyteOfTextAndOfBytes() async throws {
        let store = try open(scratch.file("a.db"))
        let text = String(repeating: "é", count: 1 << 19)
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await store.write { tx in
            try tx.execute("INSERT INTO people (id, name, photo) VALUES (?, ?, ?)", ["p", .text(text), .blob(bytes)])
        }
        let row = try #require(try await store.read { tx in try tx.first("SELECT name, photo FROM people") })
        #expect(try row.text("name") == text)
        #expect(try row.blob("photo") == bytes)
    }

    @Test func refusesWhatADriverCouldNotStore() async throws {
        let store = try open(scratch.file("a.db"))
        for (value, reason) in [
            (Value.text("a\u{0}b"), "NUL"), (.real(.nan), "NaN"),
            (.blob([UInt8](repeating: 0, count: (64 << 20) + 1)), "64 MiB"),
        ] {
            let error = await asyncFailure {
                try await store.write { tx in try tx.execute("UPDATE people SET score = ?", [value]) }
            }
            #expect(error?.message.contains(reason) == true)
        }
    }

    @Test func aFailedWriteLeavesNothing() async throws {
        let store = try open(scratch.file("a.db"))
        let error = await asyncFailure {
            try await store.write { tx in
                try tx.execute("INSERT INTO people (id, name) VALUES (?, ?)", ["p1", "Ada"])
                try tx.execute("INSERT INTO people (id, name) VALUES (?, ?)", ["p1", "Again"])
            }
        }
        #expect(error?.code == .conflict)
        #expect(try await store.read { tx in try tx.query("SELECT id FROM people") }.isEmpty)
    }

    @Test func rulesOfTheTableHaveTheirCodes() async throws {
        let store = try open(scratch.file("a.db"))
        func code(_ sql: String, _ arguments: [Value]) async -> GatehouseError.Code? {
            await asyncFailure { try await store.write { tx in try tx.execute(sql, arguments) } }?.code
        }
        #expect(await code("INSERT INTO visits (person_id, at) VALUES (?, ?)", ["nobody", 1]) == .conflict)
        #expect(await code("INSERT INTO people (id, name) VALUES (?, ?)", ["p", nil]) == .invalid)
        #expect(await code("INSERT INTO people (id, name, age) VALUES (?, ?, ?)", ["p", "n", "old"]) == .invalid)
        #expect(await code("INSERT INTO people (id, name, active) VALUES (?, ?, ?)", ["p", "n", 2]) == .invalid)
        #expect(await code("INSERT INTO people (id, name) VALUES (?, ?)", ["p"]) == .internal)
        #expect(await code("INSERT INTO nothing (id) VALUES (?)", ["p"]) == .internal)
    }

    @Test func upsertReturningAndSequences() async throws {
        let store = try open(scratch.file("a.db"))
        let bump =
            "INSERT INTO counters (name, value) VALUES (?, ?) "
            + "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
        for expected in [2, 4, 6] {
            let value = try await store.write { tx in try tx.first(bump, ["a", 2])?.int("value") }
            #expect(value == expected)
        }
        let numbers = try await store.write { tx in
            try tx.execute("INSERT INTO people (id, name) VALUES (?, ?)", ["p", "Ada"])
            return try (0..<3).map { time in
                try tx.first("INSERT INTO visits (person_id, at) VALUES (?, ?) RETURNING number", ["p", Value(time)])?
                    .int("number")
            }
        }
        #expect(numbers == [1, 2, 3])
    }

    @Test func theSameStatementNestedInItsOwnRows() async throws {
        let store = try open(scratch.file("a.db"))
        try await store.write { tx in
            for name in ["a", "b", "c"] {
                try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", [.text(name), 0])
            }
        }
        let pairs = try store.readBlocking { tx in
            var pairs = 0
            try tx.forEach("SELECT name FROM counters WHERE value = ?", [0]) { _ in
                try tx.forEach("SELECT name FROM counters WHERE value = ?", [0]) { _ in
                    pairs += 1
                    return true
                }
                return true
            }
            return pairs
        }
        #expect(pairs == 9)
    }

    @Test func misuseIsAnErrorAndNotACrash() async throws {
        let store = try open(scratch.file("a.db"))
        let change = await asyncFailure { try await store.read { tx in try tx.execute("DELETE FROM people") } }
        #expect(change?.message.contains("in a read") == true)
        let returning = await asyncFailure {
            _ = try await store.read { tx in try tx.query("DELETE FROM people RETURNING id") }
        }
        #expect(returning?.message.contains("in a read") == true)
        let nested = failure { try store.writeBlocking { _ in try store.writeBlocking { _ in } } }
        #expect(nested?.message.contains("inside another") == true)
        var kept: Transaction?
        try store.readBlocking { kept = $0 }
        #expect(failure { _ = try kept?.query("SELECT id FROM people") }?.message.contains("after its end") == true)
        let column = failure {
            try store.readBlocking { tx in _ = try tx.first("SELECT COUNT(*) AS n FROM people")?.text("m") }
        }
        #expect(column?.hint == "it has: n")
        let kind = failure {
            try store.readBlocking { tx in _ = try tx.first("SELECT COUNT(*) AS n FROM people")?.text("n") }
        }
        #expect(kind?.message == "column \"n\" holds an integer where text is expected")
    }

    @Test func closingIsFinalAndHarmless() async throws {
        let store = try open(scratch.file("a.db"))
        try store.close()
        try store.close()
        #expect(await asyncFailure { try await store.write { _ in } }?.code == .unavailable)
        #expect(await asyncFailure { try await store.read { _ in } }?.code == .unavailable)
        #expect(await asyncFailure { try await store.backup(to: scratch.file("b.db")) }?.code == .unavailable)
    }

    @Test(arguments: [
        "PRAGMA user_version = 7", "CREATE TABLE t (a TEXT)", "SELECT 1; SELECT 2",
        "INSERT OR REPLACE INTO counters VALUES (1, 2)",
        "SELECT datetime(1)", "SELECT \"name\" FROM people", "SELECT id FROM people WHERE id = :id", "SELECT ?1", "",
        "  ",
        "SELECT 1 -- x", "SELECT /* x */ 1", "SELECT rowid FROM people", "ATTACH DATABASE 'x' AS y", "SELECT 'open",
        "SELECT json_extract (notes, '$.a') FROM people", "BEGIN", "SELECT a\u{0}b",
        "REPLACE INTO counters VALUES (1, 2)",
    ])
    func statementsOutsideThePortableSubset(sql: String) throws {
        let store = try open(scratch.file("a.db"))
        let error = failure { try store.writeBlocking { tx in _ = try tx.query(sql) } }
        #expect(error?.message.contains("portable subset") == true)
    }

    @Test(arguments: [
        "SELECT 'a -- b; PRAGMA \"x\" ?1 :x' AS t", "SELECT COUNT(*) FROM people WHERE name LIKE ? OR id IN (?, ?)",
        "WITH old AS (SELECT id FROM people WHERE age > 3) SELECT COALESCE(MAX(id), 'none') AS t FROM old",
        "SELECT name, ROW_NUMBER() OVER (ORDER BY name) AS n FROM people", "SELECT 'it''s' AS t",
        "SELECT CASE WHEN age IS NULL THEN 1 ELSE 2 END AS t FROM people ORDER BY born DESC LIMIT 5",
    ])
    func statementsInsideThePortableSubset(sql: String) throws {
        let store = try open(scratch.file("a.db"))
        let count = sql.utf8.count { $0 == UInt8(ascii: "?") }
        let arguments = sql.hasPrefix("SELECT 'a") ? [] : [Value](repeating: "x", count: count)
        #expect(failure { try store.readBlocking { tx in _ = try tx.query(sql, arguments) } } == nil)
    }

    @Test func likeIsCaseSensitive() throws {
        let store = try open(scratch.file("a.db"))
        let row = try store.readBlocking { tx in try tx.first("SELECT 'A' LIKE 'a' AS same") }
        #expect(try row?.integer("same") == 0)
    }
}
