/// What comes from outside, and what it passes through, by language.
enum CodeSources {
    /// Members of a request that its sender chooses.
    static func isChosen(_ member: String, _ language: CodeLanguage) -> Bool {
        switch language {
        case .python: python.contains(member)
        case .javaScript: javaScript.contains(member)
        case .go: go.contains(member)
        case .swift: swift.contains(member)
        }
    }

    private static let python: Set<String> = [
        "args", "form", "values", "json", "data", "cookies", "headers", "files", "query_string", "GET", "POST",
        "COOKIES",
        "META", "body", "FILES", "query_params", "path_params", "query", "match_info", "get_json", "get_data", "post",
        "view_args", "get_argument", "get_arguments", "get_body_argument", "get_query_argument", "params", "forms",
    ]
    private static let javaScript: Set<String> = [
        "query", "params", "body", "headers", "cookies", "url", "originalUrl", "param", "header",
        "queryStringParameters",
        "pathParameters", "rawQuery", "files",
    ]
    private static let go: Set<String> = [
        "URL", "FormValue", "PostFormValue", "Form", "PostForm", "Header", "Body", "Cookie", "RequestURI",
        "MultipartForm", "PathValue", "Query", "Param", "DefaultQuery", "QueryParam", "QueryArray", "GetHeader",
        "Params", "FormFile", "QueryParams", "DefaultPostForm", "GetRawData", "BodyRaw",
    ]
    private static let swift: Set<String> = [
        "query", "parameters", "content", "headers", "body", "url", "uri", "cookies",
    ]

    /// Modules of servers: where none is named, a parameter called `request` is no request from outside.
    static let pythonServers: Set<String> = [
        "flask", "django", "aiohttp", "starlette", "fastapi", "tornado", "bottle", "pyramid", "quart", "sanic",
        "falcon",
        "werkzeug", "cherrypy", "rest_framework", "litestar", "web",
    ]

    /// What stands for the request at hand in modules.
    static let requests: Set<String> = [
        "flask.request", "bottle.request", "quart.request", "sanic.request", "cherrypy.request",
        "flask.globals.request",
    ]

    /// Go's types of requests and of what stands for one in frameworks.
    static let goRequests: Set<String> = [
        "*http.Request", "http.Request", "*gin.Context", "echo.Context", "*echo.Context", "*fiber.Ctx", "fiber.Ctx",
        "*fasthttp.RequestCtx", "*beego.Controller", "iris.Context",
    ]
    static let swiftRequests: Set<String> = ["Request", "Vapor.Request", "HBRequest", "HummingbirdCore.Request"]

    /// Functions whose result is made of their arguments. Of others it is not known, so that it counts as harmless.
    static func passes(_ callee: String, _ language: CodeLanguage) -> Bool {
        switch language {
        case .python: pythonPassing.contains(callee)
        case .javaScript: javaScriptPassing.contains(callee)
        case .go: goPassing.contains(callee)
        case .swift: swiftPassing.contains(callee)
        }
    }

    private static let pythonPassing: Set<String> = [
        "str", "bytes", "bytearray", "unicode", "format", "list", "tuple", "set", "dict", "sorted", "next", "iter",
        "os.path.join", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser", "pathlib.Path",
        "pathlib.PurePath", "json.loads", "urllib.parse.unquote", "urllib.parse.unquote_plus", "urllib.parse.urljoin",
        "base64.b64decode", "base64.urlsafe_b64decode", "base64.decodebytes", "binascii.unhexlify", "codecs.decode",
        "io.BytesIO", "io.StringIO", "zlib.decompress", "gzip.decompress", "sqlalchemy.text", "sqlalchemy.sql.text",
        "markupsafe.Markup", "urllib.request.Request", "dict.get", "reversed", "map", "filter",
    ]
    private static let javaScriptPassing: Set<String> = [
        "String", "decodeURIComponent", "decodeURI", "unescape", "path.join", "path.resolve", "path.normalize",
        "JSON.parse", "JSON.stringify", "util.format", "Buffer.from", "URL", "atob", "querystring.parse",
        "Object.values", "Array.from", "qs.parse", "Array",
    ]
    private static let goPassing: Set<String> = [
        "fmt.Sprintf", "fmt.Sprint", "fmt.Sprintln", "strings.TrimSpace", "strings.Trim", "strings.ToLower",
        "strings.ToUpper", "strings.Replace", "strings.ReplaceAll", "strings.Join", "strings.TrimPrefix",
        "strings.TrimSuffix", "strings.Split", "strings.Fields", "strings.TrimLeft", "strings.TrimRight", "path.Join",
        "path/filepath.Join", "path/filepath.Clean", "path/filepath.Abs", "byte", "string", "rune", "append",
        "net/url.Parse", "net/url.QueryUnescape", "net/url.PathUnescape", "io.ReadAll", "io/ioutil.ReadAll",
        "bytes.NewBufferString", "bytes.NewBuffer", "strings.NewReader", "html.UnescapeString",
        "encoding/base64.StdEncoding.DecodeString", "github.com/gorilla/mux.Vars", "github.com/go-chi/chi.URLParam",
    ]
    private static let swiftPassing: Set<String> = [
        "String", "URL", "Data", "URLRequest", "NSString", "Array", "Substring", "URLComponents", "NSURL", "FilePath",
    ]

    /// Methods of what comes from outside whose result no longer does.
    static let cleaning: Set<String> = [
        "isdigit", "isalnum", "isalpha", "isnumeric", "startswith", "endswith", "startsWith", "endsWith", "includes",
        "indexOf", "hasPrefix", "hasSuffix", "contains", "count", "length", "index", "find_all", "hexdigest", "digest",
        "test", "isEmpty", "is_valid", "keys", "len", "exists", "has", "Len", "Count", "size", "hash", "hashValue",
        "codePointAt", "charCodeAt", "toFixed", "getTime", "timestamp", "is_active", "is_authenticated", "method",
        "matches", "search", "match", "every", "some", "Method", "Context", "ContentLength", "RemoteAddr", "close",
        "Close",
    ]

    /// Methods of other things whose result is made of their arguments.
    static let composing: Set<String> = [
        "format", "join", "concat", "replace", "replaceAll", "appendingPathComponent", "appending", "joinpath",
        "safe_substitute", "substitute", "formatted",
    ]

    /// Questions that say nothing of whether a value may be trusted.
    static let idleChecks: Set<String> = [
        "exists", "isfile", "isdir", "is_file", "is_dir", "len", "isinstance", "hasattr", "bool", "existsSync",
        "statSync",
        "stat", "get", "log", "print", "String", "str", "any", "all", "callable", "type", "method", "trim", "strip",
        "lower",
        "upper", "toLowerCase", "toUpperCase", "json", "get_json", "Stat", "Open", "ReadFile", "execute", "query",
        "Query",
        "FormValue", "fetchone", "first", "one", "Scan", "Exec", "QueryRow", "open", "run", "system", "call", "Get",
        "Param",
        "args", "string",
    ]
}
