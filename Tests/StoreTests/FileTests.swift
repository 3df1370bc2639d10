import Core
import GRDB
import Store
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct FileTests {
    let scratch = ScratchFolder()

    private func bytes(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { out += buffer[..<count] }
        return out
    }

    private func write(_ path: String, _ bytes: [UInt8]) {
        guard let file = fopen(path, "wb") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func theFileIsPrivateAndMarked() async throws {
        let store = try open(scratch.file("a.db"))
        try await store.write { tx in try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", ["a", 1]) }
        #expect(mode(scratch.file("a.db")) == 0o600)
        #expect(mode(scratch.file("a.db-wal")) == 0o600)
        try await store.checkpoint()
        let header = bytes(scratch.file("a.db"))
        #expect(Array(header[68..<72]) == Array("GTHS".utf8))
        try store.close()
        chmod(scratch.file("a.db"), 0o644)
        try open(scratch.file("a.db")).close()
        #expect(mode(scratch.file("a.db")) == 0o600)
    }

    @Test func whatCannotBeOpened() throws {
        write(scratch.file("text.db"), Array(String(repeating: "this is no database\n", count: 500).utf8))
        let text = failure { try open(scratch.file("text.db")) }
        #expect(text?.code == .corrupt)
        #expect(text?.message == "\(scratch.file("text.db")) is damaged or is not a database")
        mkfifo(scratch.file("pipe.db"), 0o600)
        for path in [
            scratch.path, scratch.file("pipe.db"), scratch.file("no/such/folder.db"), "/proc/self/gatehouse.db",
        ] {
            #expect(failure { try open(path) }?.code == .unavailable, "\(path)")
        }
    }

    @Test func anotherApplicationsDatabaseIsLeftAlone() throws {
        let path = scratch.file("other.db")
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE t (a TEXT)") }
        try other.close()
        let before = bytes(path)
        #expect(failure { try open(path) }?.message == "\(path) is a database of another application")
        #expect(bytes(path) == before)
    }

    @Test func aNewerFormatIsRefused() throws {
        let path = scratch.file("a.db")
        try open(path).close()
        let other = try DatabaseQueue(path: path)
        try other.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 9") }
        try other.close()
        let error = failure { try open(path) }
        #expect(error?.code == .conflict)
        #expect(error?.hint?.contains("newer version") == true)
    }

    @Test func flippedBitsAreFoundAndNeverCrash() async throws {
        let path = scratch.file("a.db")
        let store = try open(path)
        try await store.write { tx in
            for number in 0..<500 {
                try tx.execute(
                    "INSERT INTO people (id, name, age) VALUES (?, ?, ?)",
                    [.text("person-\(number)"), .text(String(repeating: "n", count: 40)), Value(number)])
            }
        }
        try await store.checkpoint()
        try store.close()
        let sound = bytes(path)
        var refused = 0
        for page in 1..<sound.count / 4096 {
            var damaged = sound
            for offset in 0..<24 { damaged[page * 4096 + offset] ^= 0xa5 }
            write(path, damaged)
            for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
            do {
                let store = try open(path)
                _ = try? store.readBlocking { tx in try tx.query("SELECT * FROM people") }
                try? store.close()
            } catch {
                #expect((error as? GatehouseError)?.code == .corrupt, "\(error)")
                refused += 1
            }
        }
        #expect(refused >= sound.count / 4096 / 2)
        write(path, Array(sound.prefix(sound.count / 2)))
        #expect(failure { try open(path) }?.code == .corrupt)
    }

    @Test func aLockedDatabaseSaysSo() async throws {
        let path = scratch.file("a.db")
        var options = StoreOptions()
        options.busyTimeout = .milliseconds(50)
        let store = try open(path, Schema.all, options)
        let other = try connectionThatHoldsTheLock(path)
        defer { withExtendedLifetime(other) {} }
        let error = await asyncFailure { try await store.write { tx in try tx.execute("DELETE FROM counters") } }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("locked by another process") == true)
    }

    private func connectionThatHoldsTheLock(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        return queue
    }

    @Test func aFullDiskLosesNothingAcknowledged() async throws {
        var options = StoreOptions()
        options.maximumBytes = 256 << 10
        let store = try open(scratch.file("a.db"), Schema.all, options)
        var written = 0
        var error: GatehouseError?
        while error == nil, written < 1000 {
            let id = written
            error = await asyncFailure {
                try await store.write { tx in
                    try tx.execute(
                        "INSERT INTO people (id, name, photo) VALUES (?, ?, ?)",
                        [Value("\(id)"), "n", .blob([UInt8](repeating: 7, count: 10_000))])
                }
            }
            if error == nil { written += 1 }
        }
        #expect(error?.code == .exhausted)
        let count = try await store.read { tx in try tx.first("SELECT COUNT(*) AS n FROM people")?.int("n") }
        #expect(count == written)
        try await store.write { tx in try tx.execute("DELETE FROM people WHERE id = ?", ["0"]) }
        try store.close()
        #expect(
            try open(scratch.file("a.db")).readBlocking { tx in
                try tx.first("SELECT COUNT(*) AS n FROM people")?.int("n")
            } == written - 1)
    }

    @Test func aBackupMadeWhileWritingIsWholeAndConsistent() async throws {
        let store = try open(scratch.file("a.db"))
        try await store.write { tx in
            for name in ["left", "right"] {
                try tx.execute("INSERT INTO counters (name, value) VALUES (?, ?)", [.text(name), 0])
            }
            let blob = [UInt8](repeating: 1, count: 20_000)
            for id in 0..<100 {
                try tx.execute(
                    "INSERT INTO people (id, name, photo) VALUES (?, ?, ?)", [Value("\(id)"), "n", .blob(blob)])
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<20 {
                        try await store.write(.relaxed) { tx in
                            try tx.execute("UPDATE counters SET value = value + 1 WHERE name = ?", ["left"])
                            try tx.execute("UPDATE counters SET value = value + 1 WHERE name = ?", ["right"])
                        }
                    }
                }
            }
            for number in 0..<3 { group.addTask { try await store.backup(to: scratch.file("backup\(number).db")) } }
            try await group.waitForAll()
        }
        for number in 0..<3 {
            let path = scratch.file("backup\(number).db")
            #expect(mode(path) == 0o600)
            #expect(access(path + "-wal", F_OK) != 0)
            #expect(access(path + ".partial", F_OK) != 0)
            let copy = try open(path)
            let values = try copy.readBlocking { tx in
                try tx.query("SELECT value FROM counters ORDER BY name").map { try $0.int("value") }
            }
            #expect(values[0] == values[1])
            try copy.close()
        }
        #expect(await asyncFailure { try await store.backup(to: scratch.file("backup0.db")) }?.code == .conflict)
        #expect(await asyncFailure { try await store.backup(to: scratch.file("none/backup.db")) }?.code == .unavailable)
    }
}

@Suite struct DataFolderTests {
    let scratch = ScratchFolder()

    @Test func oneHolderAtATime() throws {
        let path = scratch.file("deep/data")
        var folder: DataFolder? = try DataFolder(path)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        let error = failure { try DataFolder(path) }
        #expect(error?.code == .conflict)
        #expect(error?.message == "the data folder \(path) is in use by process \(getpid())")
        #expect(folder?.file("x.db") == "\(path)/x.db")
        folder = nil
        #expect(failure { try DataFolder(path) } == nil)
    }

    @Test func foldersThatWillNotDo() throws {
        fclose(fopen(scratch.file("file"), "w"))
        #expect(failure { try DataFolder(scratch.file("file")) }?.message == "\(scratch.file("file")) is not a folder")
        #expect(failure { try DataFolder(scratch.file("file/below")) }?.code == .unavailable)
        #expect(failure { try DataFolder("/proc/gatehouse") }?.code == .unavailable)
        mkdir(scratch.file("shared"), 0o700)
        chmod(scratch.file("shared"), 0o777)
        #expect(failure { try DataFolder(scratch.file("shared")) }?.code == .denied)
        mkdir(scratch.file("linked"), 0o700)
        symlink("/tmp/nowhere", scratch.file("linked/lock"))
        #expect(failure { try DataFolder(scratch.file("linked")) }?.code == .unavailable)
    }
}
