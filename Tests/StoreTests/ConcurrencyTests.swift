import Core
import Store
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ConcurrencyTests {
    let scratch = ScratchFolder()

    @Test func sixtyFourTasksLoseNoUpdate() async throws {
        let store = try open(scratch.file("a.db"))
        try await store.write { tx in try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", ["a", 0]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<64 {
                group.addTask {
                    for round in 0..<20 {
                        try await store.write((task + round).isMultiple(of: 2) ? .relaxed : .durable) { tx in
                            let value =
                                try tx.first("SELECT value FROM counters WHERE name = ?", ["a"])?.integer("value") ?? 0
                            try tx.execute("UPDATE counters SET value = ? WHERE name = ?", [.integer(value + 1), "a"])
                        }
                        let seen = try await store.read { tx in try tx.first("SELECT value FROM counters")?.int("value")
                        }
                        #expect(try #require(seen) > round)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.read { tx in try tx.first("SELECT value FROM counters")?.int("value") } == 64 * 20)
    }

    @Test func oneFailureInABatchHurtsNoOther() async throws {
        let store = try open(scratch.file("a.db"))
        let failed = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<64 {
                group.addTask {
                    await asyncFailure {
                        try await store.write { tx in
                            try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", [Value("\(task)"), 1])
                            if task.isMultiple(of: 4) { throw GatehouseError("test", .denied, "no") }
                        }
                    }?.code == .denied
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failed == 16)
        #expect(try await store.read { tx in try tx.query("SELECT name FROM counters").count } == 48)
    }

    @Test func aReadSeesOneStateThroughout() async throws {
        let store = try open(scratch.file("a.db"))
        try await store.write { tx in try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", ["a", 0]) }
        let pair = try store.readBlocking { tx in
            let before = try tx.first("SELECT value FROM counters")?.int("value")
            try writeFromAnotherThread(store)
            return [before, try tx.first("SELECT value FROM counters")?.int("value")]
        }
        #expect(pair == [0, 0])
        #expect(try store.readBlocking { tx in try tx.first("SELECT value FROM counters")?.int("value") } == 1)
    }

    private func writeFromAnotherThread(_ store: Store) throws {
        try store.writeBlocking { tx in try tx.execute("UPDATE counters SET value = ?", [1]) }
    }

    @Test func aCancelledTaskStillWrites() async throws {
        let store = try open(scratch.file("a.db"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.write { tx in try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", ["a", 1]) }
            return await asyncFailure { try await store.read { _ in } }?.code
        }
        #expect(try await task.value == .cancelled)
        #expect(try await store.read { tx in try tx.query("SELECT name FROM counters").count } == 1)
    }

    /// The child is this test program itself, which writes until it is killed and tells each acknowledged number.
    @Test func whatWasAcknowledgedSurvivesKill9() throws {
        for round in 1...5 {
            let path = scratch.file("killed-\(round).db")
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let child = try spawn(path, output: ends[1])
            close(ends[1])
            let acknowledged = readNumbers(ends[0], until: round * 40) { kill(child, SIGKILL) }
            close(ends[0])
            var status: Int32 = 0
            waitpid(child, &status, 0)
            try #require(acknowledged >= round * 40)
            let store = try open(path)
            let count = try store.readBlocking { tx in try tx.first("SELECT COUNT(*) AS n FROM counters")?.int("n") }
            #expect(try #require(count) >= acknowledged)
            try store.close()
        }
    }

    private func spawn(_ path: String, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 9)
        let arguments = [
            CommandLine.arguments[0], "--testing-library", "swift-testing", "--filter",
            "childThatWritesUntilItIsKilled",
        ]
        var argv = arguments.map { strdup($0) } + [nil]
        var environment = [strdup("STORE_TEST_CHILD=\(path)"), nil]
        defer { for pointer in argv + environment { free(pointer) } }
        var child: pid_t = 0
        try #require(posix_spawn(&child, "/proc/self/exe", &actions, nil, &argv, &environment) == 0)
        return child
    }

    /// The last whole number that arrives; calls `reached` once after `limit` and reads on to the end.
    private func readNumbers(_ descriptor: Int32, until limit: Int, _ reached: () -> Void) -> Int {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var told = false
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            text += buffer[..<count]
            if !told, text.count(where: { $0 == 0x0a }) >= limit {
                told = true
                reached()
            }
        }
        return text.count { $0 == 0x0a }
    }
}

/// What ``ConcurrencyTests/whatWasAcknowledgedSurvivesKill9()`` starts. It has no folder of its own, which nobody would
/// remove when it is killed.
@Suite struct KilledChild {
    @Test(.enabled(if: getenv("STORE_TEST_CHILD") != nil)) func childThatWritesUntilItIsKilled() throws {
        let store = try open(String(cString: try #require(getenv("STORE_TEST_CHILD"))))
        for number in 1..<1_000_000 {
            try store.writeBlocking(number.isMultiple(of: 2) ? .relaxed : .durable) { tx in
                try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", [Value("\(number)"), Value(number)])
            }
            let line = Array("\(number)\n".utf8)
            guard write(9, line, line.count) == line.count else { return }
        }
    }
}
