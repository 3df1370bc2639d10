/// Where values do harm, by language: calls by their whole names, and methods of objects that only their names tell.
struct CodeSink: Sendable {
    enum Shape: Sendable {
        /// Anything from outside.
        case any
        /// A text that is SQL, or one that comes from outside as a whole to what is called like a connection.
        case sql
        /// An address whose host comes from outside.
        case host
        case path
        /// With `shell=True`, or JavaScript's `shell: true`.
        case shell
        /// After `sh -c`.
        case shellWords
    }

    var rule: CodeRule
    var callees: Set<String> = []
    var methods: Set<String> = []
    /// Which argument, from 0.
    var argument = 0
    /// What it is called, where it may be named.
    var labels: Set<String> = []
    var shape = Shape.any

    static func all(_ language: CodeLanguage) -> [CodeSink] {
        switch language {
        case .python: python
        case .javaScript: javaScript
        case .go: go
        case .swift: swift
        }
    }

    private static let subprocess: Set<String> = [
        "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output",
    ]
    private static let requests = Set(
        ["requests", "httpx"].flatMap { module in
            ["get", "post", "put", "delete", "patch", "head", "options"].map { "\(module).\($0)" }
        })

    private static let python: [CodeSink] = [
        CodeSink(
            rule: .commandInjection,
            callees: [
                "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput",
                "asyncio.create_subprocess_shell",
            ], labels: ["cmd", "command"]),
        CodeSink(rule: .commandInjection, callees: subprocess, labels: ["args"], shape: .shell),
        CodeSink(
            rule: .codeInjection,
            callees: [
                "eval", "exec", "builtins.eval", "builtins.exec", "flask.render_template_string", "jinja2.Template",
            ],
            labels: ["source"]),
        CodeSink(
            rule: .sqlInjection,
            methods: ["execute", "executemany", "executescript", "raw", "fetch", "fetchrow", "fetchval"],
            labels: ["query", "sql", "statement", "operation"], shape: .sql),
        CodeSink(
            rule: .deserialisation,
            callees: [
                "pickle.loads", "pickle.load", "cPickle.loads", "cPickle.load", "dill.loads", "dill.load",
                "marshal.loads",
                "jsonpickle.decode", "cloudpickle.loads", "cloudpickle.load", "yaml.unsafe_load", "yaml.full_load",
                "shelve.open", "joblib.load", "pickle.Unpickler",
            ], labels: ["data", "file", "stream"]),
        CodeSink(
            rule: .requestForgery,
            callees: requests.union(["urllib.request.urlopen", "urllib2.urlopen", "urllib.urlopen"]),
            labels: ["url"], shape: .host),
        CodeSink(
            rule: .requestForgery, callees: ["requests.request", "httpx.request"], argument: 1, labels: ["url"],
            shape: .host),
        CodeSink(
            rule: .pathTraversal,
            callees: [
                "open", "io.open", "flask.send_file", "os.remove", "os.unlink", "os.rmdir", "os.makedirs", "os.mkdir",
                "shutil.rmtree", "os.listdir", "aiofiles.open", "codecs.open", "django.http.FileResponse",
                "fastapi.responses.FileResponse", "starlette.responses.FileResponse",
            ], labels: ["file", "path", "path_or_file", "name"], shape: .path),
    ]

    private static let javaScript: [CodeSink] = [
        CodeSink(rule: .commandInjection, callees: ["child_process.exec", "child_process.execSync", "shelljs.exec"]),
        CodeSink(
            rule: .commandInjection, callees: ["child_process.spawn", "child_process.spawnSync"], shape: .shell),
        CodeSink(
            rule: .codeInjection,
            callees: [
                "eval", "Function", "vm.runInNewContext", "vm.runInThisContext", "vm.runInContext", "vm.Script",
            ]),
        CodeSink(
            rule: .sqlInjection,
            methods: [
                "query", "execute", "raw", "$queryRawUnsafe", "$executeRawUnsafe", "whereRaw", "orderByRaw", "all",
                "run", "get",
            ],
            labels: ["sql", "text"], shape: .sql),
        CodeSink(
            rule: .deserialisation,
            callees: ["node-serialize.unserialize", "serialize-javascript.deserialize", "funcster.deepDeserialize"]),
        CodeSink(
            rule: .requestForgery,
            callees: [
                "fetch", "axios.get", "axios.post", "axios.put", "axios.delete", "axios.head", "axios.request", "axios",
                "http.get", "https.get", "http.request", "https.request", "request.get", "request.post", "request",
                "got",
                "got.get", "got.post", "needle.get", "superagent.get", "node-fetch", "undici.request", "undici.fetch",
            ], labels: ["url"], shape: .host),
        CodeSink(
            rule: .pathTraversal,
            callees: Set(
                ["fs", "fs/promises", "fs.promises", "fs-extra"].flatMap { module in
                    [
                        "readFile", "readFileSync", "createReadStream", "writeFile", "writeFileSync",
                        "createWriteStream",
                        "unlink", "unlinkSync", "rm", "rmSync", "readdir", "readdirSync", "rmdir", "appendFile",
                    ].map { "\(module).\($0)" }
                }), shape: .path),
        CodeSink(rule: .pathTraversal, methods: ["sendFile"], shape: .path),
    ]

    private static let queries: Set<String> = ["Query", "QueryRow", "Exec", "Queryx", "QueryRowx", "MustExec", "Raw"]

    private static let go: [CodeSink] = [
        CodeSink(rule: .commandInjection, callees: ["os/exec.Command"], argument: 2, shape: .shellWords),
        CodeSink(rule: .commandInjection, callees: ["os/exec.CommandContext"], argument: 3, shape: .shellWords),
        CodeSink(rule: .sqlInjection, methods: queries, shape: .sql),
        CodeSink(
            rule: .sqlInjection, methods: ["QueryContext", "QueryRowContext", "ExecContext"], argument: 1, shape: .sql),
        CodeSink(
            rule: .requestForgery, callees: ["net/http.Get", "net/http.Post", "net/http.PostForm", "net/http.Head"],
            shape: .host),
        CodeSink(rule: .requestForgery, callees: ["net/http.NewRequest"], argument: 1, shape: .host),
        CodeSink(rule: .requestForgery, callees: ["net/http.NewRequestWithContext"], argument: 2, shape: .host),
        CodeSink(
            rule: .pathTraversal,
            callees: [
                "os.Open", "os.ReadFile", "os.Create", "os.WriteFile", "os.Remove", "os.RemoveAll", "os.OpenFile",
                "os.ReadDir", "io/ioutil.ReadFile", "io/ioutil.WriteFile", "io/ioutil.ReadDir",
            ], shape: .path),
        CodeSink(rule: .pathTraversal, callees: ["net/http.ServeFile"], argument: 2, shape: .path),
    ]

    private static let swift: [CodeSink] = [
        CodeSink(
            rule: .sqlInjection, methods: ["execute", "makeStatement", "fetchAll", "fetchOne"], labels: ["sql"],
            shape: .sql),
        CodeSink(rule: .sqlInjection, callees: ["sqlite3_exec", "sqlite3_prepare_v2"], argument: 1, shape: .sql),
        CodeSink(
            rule: .requestForgery, methods: ["data", "dataTask", "download", "upload"],
            labels: ["from", "for", "with"], shape: .host),
        CodeSink(
            rule: .pathTraversal,
            methods: ["contents", "removeItem", "createFile", "contentsOfDirectory", "streamFile"],
            labels: ["atPath", "at"], shape: .path),
    ]
}
