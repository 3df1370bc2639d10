import Core
import JSON
import Privacy
import TestSupport
import Testing

@testable import Scan

@Suite struct CodeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var language: CodeLanguage
        var rule: CodeRule?
        var code: String
        var testDescription: String { "\(language) \(rule?.rawValue ?? "nothing"): \(code.prefix(70))" }
    }

    private static let flask =
        "from flask import request, send_file\nimport os, subprocess, pickle, yaml, requests, jwt\n"
    private static func python(_ rule: CodeRule?, _ body: String) -> Case {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        return Case(
            language: .python, rule: rule,
            code: "\(flask)def view(x=None):\n    q = request.args['q']\n" + lines.joined(separator: "\n") + "\n")
    }
    private static func script(_ rule: CodeRule?, _ body: String) -> Case {
        let head = """
            const { exec, execFile } = require('child_process'), fs = require('fs');
            const path = require('path'), jwt = require('jsonwebtoken'), crypto = require('node:crypto');
            app.get('/x', async (req, res) => {
              const { q } = req.query

            """
        return Case(language: .javaScript, rule: rule, code: "\(head)  \(body)\n})\n")
    }
    private static func go(_ rule: CodeRule?, _ body: String) -> Case {
        let head = """
            package main
            import ("os/exec"; "net/http"; "fmt"; "os"; "crypto/md5"; "crypto/des"; "path/filepath"; "strconv")
            func handle(w http.ResponseWriter, r *http.Request) {
            \tq := r.URL.Query().Get("q")

            """
        return Case(language: .go, rule: rule, code: "\(head)\t\(body)\n}\n")
    }
    private static func swift(_ rule: CodeRule?, _ body: String) -> Case {
        let head =
            "import Vapor\nfunc show(_ req: Request) async throws -> String {\n    let q: String = try req.query.get(at: \"q\")\n"
        return Case(language: .swift, rule: rule, code: "\(head)    \(body)\n}\n")
    }

    static let cases: [Case] = [
        // What comes from outside, and ends in a shell.
        python(.commandInjection, "os.system('ping ' + q)"), python(.commandInjection, "os.popen(f'ping {q}')"),
        python(.commandInjection, "subprocess.run('ping %s' % q, shell=True)"),
        python(.commandInjection, "c = 'ping {}'.format(q.strip())\nsubprocess.call(c, shell=True)"),
        python(.commandInjection, "if x:\n    q = 'safe'\nos.system(q)"),
        python(nil, "subprocess.run(['ping', q])"), python(nil, "subprocess.run('ping ' + q, shell=False)"),
        python(nil, "import shlex\nos.system('ping ' + shlex.quote(q))"),
        python(nil, "# os.system(q)\nt = 'os.system(q)'"),
        python(nil, "q = 'fixed'\nos.system(q)"), python(nil, "if q not in HOSTS:\n    return\nos.system('ping ' + q)"),
        python(nil, "os.system('ping %d' % int(q))"), python(nil, "os.system('ls')"),
        python(.codeInjection, "eval(q)"), python(nil, "ast.literal_eval(q)"),
        // SQL.
        python(.sqlInjection, "cur.execute(\"SELECT * FROM t WHERE a = '\" + q + \"'\")"),
        python(.sqlInjection, "sql = f'DELETE FROM t WHERE a = {q}'\ndb.session.execute(sql)"),
        python(nil, "cur.execute('SELECT * FROM t WHERE a = ?', (q,))"),
        python(nil, "cur.execute('SELECT * FROM t WHERE a = %d' % int(q))"), python(nil, "task.execute(q)"),
        // Objects, addresses, files.
        python(.deserialisation, "pickle.loads(request.get_data())"), python(.deserialisation, "yaml.load(f)"),
        python(.deserialisation, "yaml.load(f, Loader=yaml.UnsafeLoader)"),
        python(nil, "yaml.load(f, Loader=yaml.SafeLoader)"),
        python(nil, "yaml.safe_load(q)"), python(nil, "pickle.load(open('cache', 'rb'))"),
        python(.requestForgery, "requests.get(q)"), python(.requestForgery, "requests.post('http://' + q + '/x')"),
        python(nil, "requests.get('https://api.example.com/' + q)"), python(nil, "requests.get(BASE + q)"),
        python(.pathTraversal, "open(os.path.join('data', q))"), python(.pathTraversal, "return send_file(q)"),
        python(nil, "open(os.path.join('data', os.path.basename(q)))"),
        python(nil, "if not os.path.realpath(q).startswith(ROOT):\n    abort(404)\nopen(q)"),
        python(.passwordHash, "hashlib.md5(password.encode()).hexdigest()"),
        python(nil, "hashlib.md5(data).hexdigest()"),
        python(nil, "hashlib.md5(password_reset_page)"), python(.key, "jwt.encode({}, 'kx72hh1q0', algorithm='HS256')"),
        python(nil, "jwt.encode({}, KEY, algorithm='HS256')"), python(nil, "jwt.encode({}, '${KEY_FROM_ENV}')"),
        script(.commandInjection, "exec('ping ' + q, (e, out) => res.send(out))"),
        script(.commandInjection, "exec(`ping ${req.body.host}`)"),
        script(nil, "execFile('ping', [q])"), script(nil, "exec('ls -l')"),
        script(nil, "const re = /exec(q)['\"]/; re.exec(q)"),
        script(.sqlInjection, "await db.query(`SELECT * FROM t WHERE a = '${q}'`)"),
        script(nil, "await db.query(sql`SELECT * FROM t WHERE a = ${q}`)"),
        script(nil, "db.query('SELECT * FROM t WHERE a = $1', [q])"),
        script(nil, "const n = parseInt(q, 10); db.query(`SELECT * FROM t WHERE a = ${n}`)"),
        script(.codeInjection, "eval(q)"), script(.requestForgery, "await fetch(q)"),
        script(nil, "fetch(`https://a.example/${q}`)"),
        script(.pathTraversal, "fs.readFile('/data/' + q, cb)"),
        script(nil, "fs.readFile('/data/' + path.basename(q), cb)"),
        script(nil, "if (!NAMES.includes(q)) return res.end(); fs.readFile('/data/' + q, cb)"),
        script(.cipher, "crypto.createCipheriv('des-ede3-cbc', k, iv)"),
        script(nil, "crypto.createCipheriv('aes-256-gcm', k, iv)"),
        script(.key, "jwt.sign({}, 'sup3rs3cret')"), script(nil, "jwt.sign({}, process.env.KEY)"),
        script(.passwordHash, "crypto.createHash('sha1').update(user.password).digest('hex')"),
        go(.commandInjection, #"exec.Command("sh", "-c", "ping "+q).Run()"#),
        go(nil, #"exec.Command("ping", q).Run()"#),
        go(.commandInjection, #"go func() { exec.Command("/bin/bash", "-c", q).Run() }()"#),
        go(.sqlInjection, #"rows, err := db.Query(fmt.Sprintf("SELECT * FROM t WHERE a = '%s'", q))"#),
        go(nil, #"db.Query("SELECT * FROM t WHERE a = $1", q)"#),
        go(nil, #"id, _ := strconv.Atoi(q); db.Query(fmt.Sprintf("SELECT * FROM t WHERE a = %d", id))"#),
        go(.requestForgery, "http.Get(q)"), go(nil, #"http.Get("https://a.example/" + q)"#),
        go(.pathTraversal, #"os.ReadFile(filepath.Join("data", q))"#),
        go(nil, #"os.ReadFile(filepath.Join("data", filepath.Base(q)))"#),
        go(.cipher, "des.NewCipher(key)"), go(.passwordHash, "md5.Sum([]byte(password))"),
        go(nil, "s := `exec.Command(\"sh\", \"-c\", q)`"),
        swift(.sqlInjection, #"try db.execute(sql: "SELECT * FROM t WHERE a = '\(q)'")"#),
        swift(nil, #"try db.execute(sql: "SELECT * FROM t WHERE a = ?", arguments: [q])"#),
        swift(nil, ##"let text = #"db.execute(sql: "SELECT \(q) FROM t")"#"##),
        swift(.requestForgery, "let d = try await URLSession.shared.data(from: URL(string: q)!)"),
        swift(.pathTraversal, #"try FileManager.default.removeItem(atPath: "/data/" + q)"#),
        swift(.passwordHash, "let d = SHA256.hash(data: Data(password.utf8))"),
        swift(nil, "let d = SHA256.hash(data: body)"),
        swift(.key, #"let k = SymmetricKey(data: Data("0123456789abcdef".utf8))"#),
        swift(.deserialisation, "let o = NSKeyedUnarchiver.unarchiveObject(with: d)"),
        // A client's request is none from outside.
        Case(
            language: .python, rule: nil,
            code: "import requests\ndef send(self, request):\n    return requests.get(request.url)\n"),
        Case(language: .javaScript, rule: nil, code: "function send(request) { return fetch(request.url) }\n"),
        Case(
            language: .go, rule: nil, code: "package m\nimport \"net/http\"\nfunc f(r *Request) { http.Get(r.URL) }\n"),
        // Routes: a number and a part between slashes lead nowhere.
        Case(
            language: .python, rule: .sqlInjection,
            code:
                "from flask import Flask\n@app.route('/u/<name>')\ndef u(name):\n    cur.execute('SELECT * FROM u WHERE n = ' + name)\n"
        ),
        Case(
            language: .python, rule: nil,
            code: "from flask import Flask\n@app.route('/u/<name>')\ndef u(name):\n    open('data/' + name)\n"),
        Case(
            language: .python, rule: nil,
            code:
                "from fastapi import FastAPI\n@app.get('/u/{n}')\ndef u(n: int):\n    cur.execute(f'SELECT * FROM u WHERE n = {n}')\n"
        ),
    ]

    @Test(arguments: cases) func findsWhatIsThereAndNothingElse(_ example: Case) throws {
        let found = try #require(CodeAnalysis.flaws(in: Array(example.code.utf8), example.language))
        #expect(found.flaws.map(\.rule) == [example.rule].compactMap(\.self), "\(example.code)")
        #expect(!found.isCutShort)
    }

    @Test func aFindingHasItsWayAndHidesKeys() async throws {
        let tree = TestTree()
        let key = ["kx72hh", "1q0zz9"].joined()
        tree.write(
            "app/view.py",
            "from flask import request\nimport os, jwt\n\ndef v():\n    host = request.args['h']\n    cmd = 'ping ' + host\n"
                + "    os.system(cmd)\n    # gatehouse:allow code-injection a calculator\n    eval(host)\n"
                + "    return jwt.encode({}, '\(key)')\n")
        let assessor = Assessor(scanners: [SecretScanner(try SecretDetector())], code: CodeScanner())
        let result = try await assessor.assess(AssessmentRequest(.path(tree.root)))
        let shell = try #require(result.findings.first { $0.rule.id == "code-command-injection" })
        #expect(shell.start == Place(line: 7, column: 5))
        #expect(shell.snippet == "os.system(cmd)")
        #expect(shell.priority.tier == .now)
        #expect(shell.trace == ["5: host = request.args['h']", "6: cmd = 'ping ' + host", "7: os.system(cmd)"])
        #expect(shell.details?["cwe"] == ["CWE-78"])
        let accepted = try #require(result.findings.first { $0.rule.id == "code-injection" })
        #expect(accepted.state == .suppressed)
        #expect(accepted.stateReason == "a calculator")
        #expect(result.findings.contains { $0.rule.id == "code-hardcoded-key" })
        for name in AssessmentReport.Format.names {
            let format = try #require(AssessmentReport.Format(name: name, width: 200))
            let text = String(decoding: AssessmentReport(result, version: "1").bytes(format), as: UTF8.self)
            #expect(!text.contains(key), "\(name)")
        }
    }

    @Test func ourFindingLeadsAndBanditsJoinsIt() async throws {
        let tree = TestTree()
        tree.write("v.py", "from flask import request\nimport os\n\ndef v():\n    os.system(request.args['h'])\n")
        let report: String = """
            {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Bandit","rules":[{"id":"B605","properties":{"tags":
            ["external/cwe/cwe-78"]}}]}},"results":[{"ruleId":"B605","locations":[{"physicalLocation":{"artifactLocation":
            {"uri":"v.py"},"region":{"startLine":5}}}]}]}]}
            """
        let assessor = Assessor(scanners: [SecretScanner(try SecretDetector())], code: CodeScanner())
        let alone = try await assessor.assess(AssessmentRequest(.path(tree.root)))
        var request = AssessmentRequest(.path(tree.root))
        request.reports = [ToolReport(name: "b", bytes: Array(report.utf8))]
        let joined = try await assessor.assess(request)
        #expect(joined.findings.count == 1)
        #expect(joined.findings.map(\.fingerprint) == alone.findings.map(\.fingerprint))
        #expect(joined.findings.first?.sources.map(\.rule) == ["code-command-injection", "B605"])
    }

    @Test func whatIsNotUnderstoodIsSaid() async throws {
        let tree = TestTree()
        tree.write("a.py", "import hashlib\nx = '''never\nends\n")
        tree.write("b.py", "import hashlib\n" + String(repeating: "x = 1\n", count: 400_000))
        let assessor = Assessor(scanners: [SecretScanner(try SecretDetector())], code: CodeScanner())
        let result = try await assessor.assess(AssessmentRequest(.path(tree.root)))
        #expect(result.unchecked.map(\.path) == ["a.py", "b.py"], "\(result.unchecked)")
        #expect(result.unchecked.map(\.reason) == [.malformed, .tooLarge])
    }

    /// Nested as deep as it goes, and with brackets that nothing closes.
    @Test(arguments: CodeLanguage.allCases) func deepCodeEnds(_ language: CodeLanguage) {
        let head = Self.cases.first { $0.language == language }?.code ?? ""
        for part in [
            "(", "[", "{", "f(", "x.y(", "if x {", "\"", "`${", "f'{", "\"\\(", "a ? ", "lambda: ", "function() {", "<",
            "not ", "!", "a[", "def f(", "@", ".a", "()", "[]*", "x for a in b ", "else if (x) ", "x => ", "a.b(c)",
        ] {
            let code = head + String(repeating: part, count: 3_000)
            _ = CodeAnalysis.flaws(in: Array(code.utf8), language)
        }
    }

    /// Examples cut and mixed at random: they end, and what is found lies in the file.
    @Test(arguments: CodeLanguage.allCases) func randomChangesNeverCrash(_ language: CodeLanguage) {
        let examples = Self.cases.filter { $0.language == language }.map { Array($0.code.utf8) }
        var random = SeededRandom(seed: 7)
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(500)
        while clock.now < end {
            var bytes = examples.randomElement(using: &random) ?? []
            let other = examples.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: other.prefix(place), at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 30))
                }
            }
            for flaw in CodeAnalysis.flaws(in: bytes, language)?.flaws ?? [] {
                #expect(flaw.range.upperBound <= bytes.count)
                #expect(flaw.trace.allSatisfy { $0.offset <= bytes.count })
            }
        }
    }
}
