#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Words without which nothing can be found in a file: most files are passed over by them, at the speed of memory.
package enum CodeMarks {
    /// Each group is enough where all of its lines have a word in the file.
    private static func groups(_ language: CodeLanguage) -> [[[StaticString]]] {
        switch language {
        case .python:
            [
                [["hashlib", "md5", "yaml.load", "Fernet", "jwt", "Crypto", "secret_key", "SECRET_KEY"]],
                [
                    ["request", "req", "@"],
                    [
                        "flask", "django", "aiohttp", "starlette", "fastapi", "tornado", "bottle", "pyramid", "quart",
                        "sanic", "falcon", "werkzeug", "cherrypy", "rest_framework", "litestar", "import web",
                    ],
                ], [["event"], ["context"]],
            ]
        case .javaScript:
            [
                [["createCipher", "createDecipher", "createHash", "jsonwebtoken"]],
                [
                    ["req.", "req[", "= req", "=req", "request.", "= request", "request["],
                    ["res)", "res,", "res:", "response)", "response,", "response:", "reply", "rep)", ", h)"],
                ], [["ctx.", "= ctx"]], [["event.", "event["], ["context"]],
            ]
        case .go:
            [
                [["crypto/", "SignedString"]],
                [
                    [
                        "http.Request", "gin.Context", "echo.Context", "fiber.Ctx", "fasthttp.RequestCtx",
                        "beego.Controller", "iris.Context",
                    ]
                ],
            ]
        case .swift: [[["unarchiveObject", "hash(data", "SymmetricKey"]], [["Request"]]]
        }
    }

    static func mayMatter(_ bytes: [UInt8], _ language: CodeLanguage) -> Bool {
        bytes.withUnsafeBytes { buffer in
            groups(language).contains { group in group.allSatisfy { line in line.contains { contains(buffer, $0) } } }
        }
    }

    /// Whether the word is in the bytes, at the speed of memory.
    package static func contains(_ bytes: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        let count = word.utf8CodeUnitCount
        var position = 0
        while bytes.count - position >= count {
            guard let found = memchr(base + position, Int32(word.utf8Start.pointee), bytes.count - position - count + 1)
            else { return false }
            if memcmp(found, word.utf8Start, count) == 0 { return true }
            position = UnsafeRawPointer(found) - base + 1
        }
        return false
    }
}
