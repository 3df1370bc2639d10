import Foundation
import JSON
import TestSupport
import Testing

/// `gatehouse policy …` as a person or a pipeline runs it. No house is needed, and none is made.
@Suite struct PolicyCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        try program.write(
            "policy/app.rego",
            """
            package app

            default allow := false

            allow if "admin" in data.roles[input.user]

            never if input.user == "nobody"
            """)
        try program.write(
            "policy/app_test.rego",
            """
            package app_test

            import data.app

            test_admin if app.allow with input.user as "kim"

            test_guest if not app.allow with input.user as "lee"

            todo_test_later if false
            """)
        try program.write("policy/data.json", #"{"roles": {"kim": ["admin"], "lee": ["guest"]}}"#)
    }

    var policy: String { program.data + "/policy" }

    // MARK: eval

    @Test func evaluatesInTheShapeOfOPA() throws {
        defer { program.remove() }
        let input = try program.write("input.yaml", "user: kim\n")
        let result = try program.run("policy", "eval", "-d", policy, "-i", input, "x := data.app.allow; input.user")
        #expect(result.status == 0, "\(result.errors)")
        let answer = try #require(try JSON.parse(result.output)["result"]?[0])
        #expect(answer["bindings"] == ["x": true])
        #expect(answer["expressions"]?[0]?["value"] == true)
        #expect(answer["expressions"]?[1]?["value"] == "kim")
        #expect(answer["expressions"]?[1]?["text"] == "input.user")
        #expect(answer["expressions"]?[1]?["location"] == ["row": 1, "col": 22])
        #expect(!FileManager.default.fileExists(atPath: program.data + "/gatehouse.sock"))
    }

    @Test func whatIsUndefinedIsEmptyAndMayFail() throws {
        defer { program.remove() }
        let undefined = try program.run("policy", "eval", "-d", policy, "data.app.never")
        #expect(undefined.status == 0)
        #expect(try JSON.parse(undefined.output) == [:])
        #expect(try program.run("policy", "eval", "-d", policy, "--fail", "data.app.never").status == 1)
        #expect(try program.run("policy", "eval", "-d", policy, "--fail-defined", "data.app.never").status == 0)
        #expect(try program.run("policy", "eval", "--fail-defined", "1 == 1").status == 1)
    }

    @Test func formatsOfAnswers() throws {
        defer { program.remove() }
        func eval(_ format: String, _ query: String, _ input: String? = nil) throws -> String {
            let result = try program.run(
                "policy", "eval", "-d", policy, "-I", "--format", format, query, input: input ?? "{}")
            #expect(result.status == 0, "\(result.errors)")
            return result.output
        }
        #expect(try eval("raw", "data.roles.kim[0]") == "admin\n")
        #expect(try eval("values", "1 + 1; 1 == 1") == "[\n  2,\n  true\n]\n")
        #expect(try eval("values", "1 == 2") == "[\n  false\n]\n")
        #expect(try eval("bindings", "x := input.a", #"{"a": 1}"#) == "{\n  \"x\": 1\n}\n")
        #expect(try eval("pretty", "data.app.allow", #"{"user": "kim"}"#) == "true\n")
        #expect(try eval("pretty", "data.app.never") == "undefined\n")
        let table = try eval("pretty", "some user, roles in data.roles; count(roles)")
        #expect(table.split(separator: "\n").count == 3, "\(table)")
        let admins = try eval("bindings", "some user, roles in data.roles; \"admin\" in roles")
        #expect(try JSON.parse(admins)["user"] == "kim", "each of several expressions must hold: \(admins)")
        #expect(try eval("pretty", "data.app.allow; 1 == 1") == "undefined\n")
        #expect(table.hasPrefix("roles"))
    }

    @Test func packageImportsTraceMetricsAndCoverage() throws {
        defer { program.remove() }
        let spoken = try program.run(
            "policy", "eval", "-d", policy, "-I", "--package", "app", "--import", "data.roles", "--format", "raw",
            "allow; roles.lee", input: #"{"user": "kim"}"#)
        #expect(spoken.output == "true [\"guest\"]\n", "\(spoken.errors)")
        let seen = try program.run(
            "policy", "eval", "-d", policy, "-I", "--metrics", "--coverage", "--explain", "full", "data.app.allow",
            input: #"{"user": "lee"}"#)
        let json = try JSON.parse(seen.output)
        #expect(json["metrics"]?["timer_rego_query_eval_ns"]?.int ?? 0 > 0)
        #expect(json["coverage"]?["files"]?[policy + "/app.rego"]?["coverage"]?.double ?? 100 < 100)
        #expect(json["explanation"]?.array?.contains { $0["op"]?.string == "fail" } == true)
        let traced = try program.run(
            "policy", "eval", "-d", policy, "--explain", "fails", "--format", "pretty", "data.app.allow")
        #expect(traced.output == "false\n")
        #expect(traced.errors.contains("Fail"))
    }

    @Test func errorsHaveTheirPlace() throws {
        defer { program.remove() }
        let query = try program.run("policy", "eval", "data.app[")
        #expect(query.status == 2)
        #expect(query.errors.contains("<query>:1:"))
        #expect(try JSON.parse(query.output)["errors"]?[0]?["code"]?.string == "rego_parse_error")
        let strict = try program.run("policy", "eval", "--strict-builtin-errors", "1 / 0")
        #expect(strict.status == 2)
        #expect(strict.errors.contains("eval_builtin_error"))
        #expect(try program.run("policy", "eval", "1 / 0").output == "{}\n")
        let endless = try program.run(
            "policy", "eval", "--timeout", "50ms",
            "count([1 | some a in numbers.range(1, 1000000); some b in numbers.range(1, 1000000)])")
        #expect(endless.status == 2)
        #expect(endless.errors.contains("eval_limit_error"))
        let missing = try program.run("policy", "eval", "-d", program.data + "/absent", "1")
        #expect(missing.status == 2, "\(missing)")
        #expect(try program.run("policy", "eval", "-I", "1", input: "{\"a\": ").status == 2)
    }

    @Test func evaluatesInPart() throws {
        defer { program.remove() }
        let left = try program.run(
            "policy", "eval", "-d", policy, "--partial", "--format", "source", "data.app.allow == true")
        #expect(left.status == 0, "\(left.errors)")
        #expect(left.output.contains("# Query 1\n") && left.output.contains("input.user"))
        let known = try program.run(
            "policy", "eval", "-d", policy, "-I", "--partial", "--unknowns", "data.roles", "data.app.allow == true",
            input: #"{"user": "kim"}"#)
        #expect(try JSON.parse(known.output)["partial"]?["queries"]?.array?.count == 1)
        #expect(known.output.contains("roles"))
        #expect(try program.run("policy", "eval", "--format", "source", "1").status == 2)
        #expect(try program.run("policy", "eval", "--partial", "--unknowns", "nothing here", "1").status == 2)
    }

    // MARK: check

    @Test func checkNamesEveryError() throws {
        defer { program.remove() }
        #expect(try program.run("policy", "check", policy).status == 0)
        try program.write("bad/a.rego", "package a\n\np if {\n")
        try program.write("bad/b.rego", "package b\n\nq := input.x + ]\n")
        let bad = try program.run("policy", "check", program.data + "/bad", "--json")
        #expect(bad.status == 1)
        #expect(bad.errors.contains("bad/a.rego:") && bad.errors.contains("bad/b.rego:3:"))
        #expect(bad.errors.contains("q := input.x +") && bad.errors.contains("^"))
        #expect(try JSON.parse(bad.output)["errors"]?.array?.count == 2)
        let unsafe = try program.write("unsafe.rego", "package c\n\np if x > 1\n\nq if y > 1\n")
        let found = try program.run("policy", "check", unsafe)
        #expect(found.status == 1)
        #expect(found.output.isEmpty)
        #expect(found.errors.contains("unsafe.rego:3:6") && found.errors.contains("unsafe.rego:5:6"))
        let old = try program.write("old.rego", "package d\n\np { input.x }\n")
        #expect(try program.run("policy", "check", old).status == 1)
        #expect(try program.run("policy", "check", old, "--v0-compatible").status == 0)
        let unused = try program.write("unused.rego", "package e\n\np if { x := 1 }\n")
        #expect(try program.run("policy", "check", unused).status == 0)
        #expect(try program.run("policy", "check", unused, "--strict").status == 1)
    }

    @Test func hostileFilesAreErrorsWithAPlace() throws {
        defer { program.remove() }
        let deep = "package a\np := " + String(repeating: "[", count: 100_000)
        let cases = [
            ("deep", deep, "deep.rego:2"),
            ("cyclic", "package a\np if q\nq if p\n", "rego_recursion_error"),
            ("long", "package a\np := " + String(repeating: "9", count: 100_000), "long.rego:2"),
            ("open", "package a\np := \"abc", "open.rego:2"),
            ("empty", "", "empty.rego:1"),
        ]
        for (name, text, expected) in cases {
            let result = try program.run("policy", "check", try program.write("hostile/\(name).rego", text))
            #expect(result.status == 1, "\(name): \(result.status)")
            #expect(result.errors.contains(expected), "\(name): \(result.errors.prefix(300))")
            #expect(result.errors.utf8.count < 10_000)
        }
        let binary = program.data + "/hostile/binary.rego"
        try Data([0x70, 0xFF, 0xFE, 0x0A]).write(to: URL(fileURLWithPath: binary))
        #expect(try program.run("policy", "check", binary).errors.contains("binary.rego:1"))
        let broken = try program.write("hostile/data.json", "{\"a\": }")
        let beside = try program.write("beside/a.rego", "package a\n")
        try program.write("beside/package.json", "[1]")
        #expect(try program.run("policy", "check", program.data + "/beside").status == 0, "data is not checked")
        #expect(try program.run("policy", "eval", "-d", beside, "data.a").status == 0)
        let result = try program.run("policy", "eval", "-d", broken, "data.a")
        #expect(result.status == 2)
        #expect(result.errors.contains("data.json"))
        let other = try program.write("other/data.json", #"{"roles": 1}"#)
        let conflict = try program.run("policy", "eval", "-d", policy, "-d", other, "data.roles")
        #expect(conflict.status == 5, "two files with something at one path are a conflict")
        #expect(conflict.errors.contains("roles"))
    }

    // MARK: test

    @Test func runsTests() throws {
        defer { program.remove() }
        let good = try program.run("policy", "test", policy)
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.hasSuffix("PASS: 2/3\nSKIPPED: 1/3\n"))
        try program.write("policy/more_test.rego", "package more_test\n\ntest_wrong if {\n\tx := 2\n\tx == 3\n}\n")
        let bad = try program.run("policy", "test", policy, "-v")
        #expect(bad.status == 1)
        #expect(bad.output.contains("data.app_test.test_admin: PASS ("))
        #expect(bad.output.contains("data.more_test.test_wrong: FAIL ("))
        #expect(bad.output.contains("more_test.rego:5: x == 3  {x: 2}"))
        let json = try JSON.parse(try program.run("policy", "test", policy, "--json").output)
        #expect(json.array?.count == 4)
        #expect(json[3]?["name"]?.string == "test_wrong" && json[3]?["fail"]?.bool == true)
        #expect(try program.run("policy", "test", policy, "--run", "app_test.*(admin|guest)$").status == 0)
        #expect(try program.run("policy", "test", policy, "--glob", "data.app_test.*").status == 0)
        #expect(try program.run("policy", "test", policy, "--run", "wrong").status == 1)
        #expect(try program.run("policy", "test", policy, "--run", "(").status == 2)
        #expect(try program.run("policy", "test", policy, "--glob", "data.other.*").errors.contains("no tests"))
    }

    @Test func coverageAndItsThreshold() throws {
        defer { program.remove() }
        let text = try program.run("policy", "test", policy, "--coverage")
        #expect(text.status == 0)
        #expect(text.output.contains("NOT COVERED") && text.output.contains("app.rego"))
        #expect(text.output.split(separator: "FILE").last?.contains("app_test.rego") == false)
        let below = try program.run("policy", "test", policy, "--threshold", "90")
        #expect(below.status == 1)
        #expect(below.errors.contains("below 90 %"))
        #expect(try program.run("policy", "test", policy, "--threshold", "50").status == 0)
        let json = try JSON.parse(try program.run("policy", "test", policy, "--coverage", "--json").output)
        let file = try #require(json["files"]?[policy + "/app.rego"])
        #expect(file["not_covered"] == [["start": ["row": 7], "end": ["row": 7]]])
        #expect(file["coverage"]?.double == json["coverage"]?.double)
    }

    @Test func policiesThatDoNotCompileHaveNoTests() throws {
        defer { program.remove() }
        try program.write("policy/bad.rego", "package bad\n\np if unknown_function(1)\n")
        let result = try program.run("policy", "test", policy)
        #expect(result.status == 2)
        #expect(result.errors.contains("bad.rego:3:"))
    }

    @Test func watchesUntilInterrupted() async throws {
        defer { program.remove() }
        let process = try program.process(["policy", "test", policy, "--watch"])
        let log = program.data + "/watch.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        defer { process.end() }
        try await Self.wait(for: "watching", in: log, of: process)
        try program.write("policy/more_test.rego", "package more_test\n\ntest_wrong if false\n")
        try await Self.wait(for: "test_wrong: FAIL", in: log, of: process)
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    private static func wait(for text: String, in log: String, of process: Process) async throws {
        try await TestSupport.wait("\(text) comes") {
            if try String(contentsOfFile: log, encoding: .utf8).contains(text) { return true }
            try #require(process.isRunning)
            return false
        }
    }

    // MARK: fmt

    @Test func formatsFilesAndStdin() throws {
        defer { program.remove() }
        let ugly = "package   a\np:=  1\n"
        let piped = try program.run("policy", "fmt", input: ugly)
        #expect(piped.output == "package a\n\np := 1\n", "\(piped.errors)")
        let file = try program.write("ugly/a.rego", ugly)
        let folder = program.data + "/ugly"
        #expect(try program.run("policy", "fmt", folder, "--list").output == file + "\n")
        #expect(try program.run("policy", "fmt", folder, "--check").status == 1)
        let diff = try program.run("policy", "fmt", folder, "--diff")
        #expect(diff.output.contains("+package a"))
        #expect(try program.run("policy", "fmt", folder, "--write").status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == piped.output)
        #expect(try program.run("policy", "fmt", folder, "--fail").status == 0)
        let bad = try program.write("ugly/bad.rego", "package\n")
        let result = try program.run("policy", "fmt", folder, "--write")
        #expect(result.status == 2)
        #expect(result.errors.contains("bad.rego:"))
        #expect(try String(contentsOfFile: bad, encoding: .utf8) == "package\n")
        let link = program.data + "/link.rego"
        let target = try program.write("target.rego", ugly)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try program.run("policy", "fmt", "--write", link).status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: target, encoding: .utf8) == piped.output)
        #expect(
            try program.run("policy", "fmt", "--rego-v1", "--v0-compatible", input: "package a\np { input.x }\n").output
                .contains("p if input.x"))
    }

    // MARK: bench, deps

    @Test func measures() throws {
        defer { program.remove() }
        let result = try program.run(
            "policy", "bench", "-d", policy, "-I", "--count", "50", "--json", "data.app.allow",
            input: #"{"user": "kim"}"#)
        let json = try JSON.parse(result.output)
        #expect(json["evaluations"] == 50 && json["answers"] == 1)
        #expect(json["cpu_ns"]?.int ?? 0 > 0)
        let order = ["min", "p50", "p90", "p95", "p99", "max"].compactMap { json["wall_ns"]?[$0]?.int }
        #expect(order == order.sorted() && order.count == 6)
        let slow = try program.run(
            "policy", "bench", "-d", policy, "--count", "5", "--fail-above", "1ns", "data.app.allow")
        #expect(slow.status == 1)
        #expect(slow.output.contains("wall p99"))
        #expect(try program.run("policy", "bench", "--fail-above", "soon", "1").status == 2)
    }

    @Test func dependencies() throws {
        defer { program.remove() }
        let json = try JSON.parse(try program.run("policy", "deps", "-d", policy, "--json", "data.app.allow").output)
        #expect(json == ["base": ["data.roles", "input.user"], "virtual": ["data.app.allow"]])
        #expect(
            try program.run("policy", "deps", "-d", policy, "data.app.allow").output.contains("virtual  data.app.allow")
        )
    }

    // MARK: build, sign

    @Test func buildsBundlesThatEvaluate() throws {
        defer { program.remove() }
        let output = program.data + "/b.tar.gz"
        let built = try program.run(
            "policy", "build", policy, "-o", output, "-e", "app/allow", "-t", "plan", "--revision", "r1", "--ignore",
            "*_test.rego", "--json")
        #expect(built.status == 0, "\(built.errors)")
        #expect(try JSON.parse(built.output)["modules"] == 1)
        let first = try Data(contentsOf: URL(fileURLWithPath: output))
        let answer = try program.run(
            "policy", "eval", "-b", output, "-I", "--format", "raw", "data.app.allow", input: #"{"user": "kim"}"#)
        #expect(answer.output == "true\n", "\(answer.errors)")
        try program.run(
            "policy", "build", policy, "-o", output, "-e", "app/allow", "-t", "plan", "--revision", "r1", "--ignore",
            "*_test.rego")
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == first, "the same files give the same bytes")
        let missing = try program.run("policy", "build", policy, "-o", output, "-e", "app/alow")
        #expect(missing.status == 2)
        #expect(missing.errors.contains("app/allow"))
        try program.write("policy/bad.rego", "package bad\n\np if x\n")
        #expect(try program.run("policy", "build", policy, "-o", output).status == 2)
    }

    @Test func signsAFolderAndAnArchive() throws {
        defer { program.remove() }
        let key = try program.write("key", "not-a-real-secret-but-long-enough-for-hs256\n")
        let signed = try program.run("policy", "sign", policy, "--signing-key", key, "--signing-alg", "HS256")
        #expect(signed.status == 0, "\(signed.errors)")
        let signatures = try String(contentsOfFile: policy + "/.signatures.json", encoding: .utf8)
        #expect(try JSON.parse(signatures)["signatures"]?.array?.count == 1)
        let output = program.data + "/s.tar.gz"
        let built = try program.run(
            "policy", "build", "-b", policy, "-o", output, "--signing-key", key, "--signing-alg", "HS256")
        #expect(built.status == 0, "\(built.errors)")
        #expect(
            try program.run("policy", "eval", "-b", output, "--format", "raw", "data.roles.lee").output
                == "[\"guest\"]\n")
        let other = try program.write("other", "another-secret-that-signed-nothing-at-all\n")
        func check(_ key: String) throws -> Program.Result {
            try program.run("policy", "check", "-b", output, "--verification-key", key, "--verification-alg", "HS256")
        }
        #expect(try check(key).status == 0)
        #expect(try check(other).status == 3)
        #expect(try check(other).errors.contains("s.tar.gz"))
        let wrong = try program.run("policy", "sign", policy, "--signing-key", key, "--signing-alg", "RS256")
        #expect(wrong.status == 2)
        #expect(try program.run("policy", "sign", policy).status == 2)
    }

    // MARK: The default policy

    private static let defaultPolicy = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Gate/Resources/Policy")

    @Test func theDefaultPolicyIsTestedInFull() throws {
        defer { program.remove() }
        let path = Self.defaultPolicy.path
        let result = try program.run("policy", "test", path, "--coverage", "--threshold", "100", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let files = try #require(try JSON.parse(result.output)["files"]?.object)
        let modules = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".rego") && !$0.hasSuffix("_test.rego") }
        #expect(Set(files.keys) == Set(modules.map { "\(path)/\($0)" }), "every module counts, whoever asks for it")
        #expect(try program.run("policy", "check", path, "--strict").status == 0)
        #expect(try program.run("policy", "fmt", path, "--check").status == 0)
        let fewer = try program.run("policy", "test", path, "--run", "labels", "--threshold", "100")
        #expect(fewer.status == 1, "coverage falls when tests are left out")
    }

    @Test func helpSaysWhatThereIs() throws {
        defer { program.remove() }
        let help = try program.run("policy", "--help").output
        for command in ["eval", "check", "test", "fmt", "bench", "build", "sign", "deps", "explain"] {
            #expect(help.contains("  \(command) "))
            #expect(try program.run("policy", command, "--help").status == 0)
        }
    }
}
