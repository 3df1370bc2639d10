import Config
import Core
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ErrorTests {
    /// What a person sees, word for word.
    @Test(arguments: [
        (
            "server:\n  wrokers: 3\n",
            "config: gatehouse.yaml:2:3: server.wrokers: unknown key; did you mean \"workers\"?"
        ),
        ("session: {}\n", "config: gatehouse.yaml:1:1: session: unknown key; did you mean \"sessions\"?"),
        (
            "zebra: {}\n",
            "config: gatehouse.yaml:1:1: zebra: unknown key; known here: server, sessions, agents, mcpServers"
        ),
        (
            "server: {console: yes}",
            "config: gatehouse.yaml:1:19: server.console: true or false is expected here; only these two, without quotes: not yes, no, on or off"
        ),
        ("server: {workers: 65}", "config: gatehouse.yaml:1:19: server.workers: the number lies outside 1 to 64"),
        (
            "server: {workers: '6'}",
            "config: gatehouse.yaml:1:19: server.workers: an integer is expected here; write it in decimal and without quotes"
        ),
        ("server: [1]", "config: gatehouse.yaml:1:9: server: a mapping is expected here, not a list"),
        (
            "server: {token: ${NOT_QUOTED}}",
            "config: gatehouse.yaml:1:18: did not find expected ',' or '}'; between { } or [ ], quote text that holds braces or commas: \"${NAME}\""
        ),
        (
            "server: {token: '${NOT_SET}'}",
            "config: gatehouse.yaml:1:17: server.token: the environment variable NOT_SET is not set; set it, or give a default: ${NOT_SET:-…}"
        ),
        (
            "sessions: {a: {logging: requird}}",
            "config: gatehouse.yaml:1:25: sessions.a.logging: \"requird\" is none of required, optional; did you mean \"required\"?"
        ),
        (
            "sessions: {a: {retention: 3 fortnights}}",
            "config: gatehouse.yaml:1:27: sessions.a.retention: \"3 fortnights\" is not a duration; write for example 30s, 5m, 2h, 90_days or 1_year"
        ),
        (
            "agents: {a: {modle: x}}",
            "config: 2 errors in the configuration\n  gatehouse.yaml:1:14: agents.a.modle: unknown key; did you mean \"model\"?\n  gatehouse.yaml:1:13: agents.a.model: the key is required"
        ),
        ("server: {workers: 1, workers: 2}", "config: gatehouse.yaml:1:10: workers: the key occurs twice"),
        (
            "a: b: c",
            "config: gatehouse.yaml:1:5: mapping values are not allowed in this context; quote text that contains \": \", and check the indentation above"
        ),
        ("server: !Ref x", "config: gatehouse.yaml:1:9: server: the tag \"!Ref\" is not supported; remove it"),
        (
            "server:\n  <<: {workers: 1}",
            "config: gatehouse.yaml:2:3: server: merge keys (<<) are not supported; write the values out"
        ),
        (
            "server: {issuer: 'https://user:pass@example.org'}",
            "config: gatehouse.yaml:1:18: server.issuer: \"https://user:pass@example.org\" is not an http or https address; write for example https://example.org/path, with no user or password in it"
        ),
    ])
    func golden(text: String, expected: String) {
        #expect(Fixture.failure(text) == expected)
    }

    @Test func severalAtOnceAndBounded() {
        let keys = (0..<50).map { "  bad\($0): 1\n" }.joined()
        let error = Fixture.failure("server:\n\(keys)")
        #expect(
            error.hasPrefix("config: 50 errors in the configuration\n  gatehouse.yaml:2:3: server.bad0: unknown key"))
        #expect(error.hasSuffix("\n  and 30 more"))
        #expect(error.split(separator: "\n").count == 22)
    }

    @Test func noValueFromOutsideIsShown() {
        let environment = ["W": "hunter2", "D": "hunter2"]
        for text in [
            "server: {workers: '${W}'}", "sessions: {a: {retention: '${D}'}}", "sessions: {a: {logging: '${D}'}}",
            "server: {issuer: '${D}'}",
        ] {
            #expect(!Fixture.failure(text, environment).contains("hunter2"))
        }
        #expect(!Fixture.failure("server:\n  token: hunter2\n bad indent: x").contains("hunter2"))
    }

    @Test func filesThatCannotBeRead() throws {
        let scratch = ScratchFolder()
        func message(_ path: String) -> String {
            do {
                _ = try ConfigFile.load(path, schema: Fixture.schema)
                return "loaded"
            } catch { return "\(error)" }
        }
        #expect(message(scratch.file("none.yaml")).contains("No such file"))
        #expect(message(scratch.path).contains("not a regular file"))
        #expect(mkfifo(scratch.file("pipe"), 0o600) == 0)
        #expect(message(scratch.file("pipe")).contains("not a regular file"))
        #expect(message("/dev/zero").contains("not a regular file"))
        let huge = scratch.write("gatehouse.yaml", String(repeating: "# filler\n", count: 200_000))
        #expect(message(huge).contains("larger than"))
        let missing = scratch.write("gatehouse.yaml", "server: {token: file:gone}\nagents: file:gone.json\n")
        #expect(message(missing).contains("2 errors"))
        scratch.write("token", String(repeating: "x", count: 70_000))
        #expect(message(scratch.write("gatehouse.yaml", "server: {token: file:token}")).contains("larger than 65536"))
        #expect(message(scratch.write("gatehouse.yaml", "server: {token: file:pipe}")).contains("not a regular file"))
        #expect(symlink("loop.yaml", scratch.file("loop.yaml")) == 0)
        #expect(message(scratch.file("loop.yaml")).contains("symbolic links"))
    }
}

@Suite struct HostileTests {
    @Test func billionLaughs() {
        var values = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<12 {
            values += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n"
        }
        #expect(Fixture.failure(values).contains("more than 50000 values"))
        // As keys, where the YAML library itself would follow them.
        var keys = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<12 {
            keys += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n"
        }
        #expect(Fixture.failure(keys + "? *a11\n: x\n").contains("not plain text"))
        for key in [
            "*a11 : x\n", "*a11: x\n", "b: {*a11: x}\n", "b: {*a11:x}\n", "\u{2028}? *a11\n: x\n", "b: {[*a11] : x}\n",
        ] {
            #expect(Fixture.failure(keys + key).contains("not plain text"), "\(key)")
        }
        #expect(Fixture.failure(keys + "{? *a11 : x}\n") != "loaded")
        #expect(Fixture.failure(keys + "b: {[*a11]: x}\n").contains("not plain text"))
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
        String(repeating: "- ", count: 100_000),
        String(repeating: "? ", count: 100_000), String(repeating: "[{", count: 500), "a: &a [*a]", "a: *nothing",
        "\u{0}", "a: \u{0}b",
        "\tserver: {}", "server:\n\tworkers: 3", "---\na: 1\n---\nb: 2\n", "%YAML 9.9\n---\nx: 1",
        "server: !!binary aGk=",
        "server: !<tag:example.org,2026:x> y", "? [a, b]\n: c", "server: {workers: 99999999999999999999}",
        "server: \"unfinished",
        "&a &b x: y", "*a", "- - - x", "42", "server: |\n  text", "!!set {a, b}", "server: {listen: \"\\ud800\"}",
    ])
    func isRefusedAndNotACrash(text: String) {
        #expect(Fixture.failure(text) != "loaded")
    }

    @Test func deepBlocksAndInvalidUTF8() {
        var deep = ""
        for level in 0..<300 { deep += String(repeating: " ", count: level) + "a:\n" }
        #expect(Fixture.failure(deep).contains("nested too deeply"))
        #expect(
            Fixture.failure(bytes: Array("server:\n  listen: \"a".utf8) + [0xff, 0xfe]).contains("gatehouse.yaml:2:"))
        #expect(Fixture.failure(bytes: [0xff]).contains("not valid UTF-8"))
        #expect(Fixture.failure("server: {listen: \(String(repeating: "x", count: 300_000))}").contains("longer than"))
    }

    @Test func mutationsNeverCrash() {
        let seeds = [
            LoadingTests.agents, LoadingTests.servers, LoadingTests.sessions,
            "server:\n  listen: ${HOST:-x}\n  workers: 3\n  labels: [a, &b c, *b]\n  body: |\n    10MiB\n",
            "? [a]\n: *x\n",
        ].map { Array($0.utf8) }
        let spice = Array("[]{}:,-?&*!|>'\"%@`#$~<\n\t \u{0}\u{ff}".utf8) + [0x80, 0xff]
        var random = SplitMix(state: 42)
        let end = ContinuousClock.now + .milliseconds(1200)
        var runs = 0
        while ContinuousClock.now < end {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0..<(1 + random.next() % 6) {
                let position = Int(random.next() % UInt64(bytes.count + 1))
                switch random.next() % 4 {
                case 0: bytes.insert(spice[Int(random.next() % UInt64(spice.count))], at: position)
                case 1 where position < bytes.count: bytes.remove(at: position)
                case 2 where position < bytes.count: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                default: bytes.insert(contentsOf: bytes[..<position].suffix(20), at: position)
                }
            }
            _ = Fixture.failure(bytes: bytes)
            runs += 1
        }
        #expect(runs > 50)
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
