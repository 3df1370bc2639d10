import Core

/// What the checks of code find.
enum CodeRule: String, Sendable, Hashable, CaseIterable {
    case commandInjection = "code-command-injection"
    case codeInjection = "code-injection"
    case sqlInjection = "code-sql-injection"
    case deserialisation = "code-unsafe-deserialisation"
    case requestForgery = "code-request-forgery"
    case pathTraversal = "code-path-traversal"
    case passwordHash = "code-weak-password-hash"
    case key = "code-hardcoded-key"
    case cipher = "code-weak-cipher"

    var title: String {
        switch self {
        case .commandInjection: "A shell command is made of what comes from outside"
        case .codeInjection: "What comes from outside is run as code"
        case .sqlInjection: "An SQL statement is made of what comes from outside"
        case .deserialisation: "Objects are read from what may be made to run code"
        case .requestForgery: "A request goes to an address from outside"
        case .pathTraversal: "A file's path is made of what comes from outside"
        case .passwordHash: "A password is hashed by a fast hash"
        case .key: "A key stands in the code"
        case .cipher: "A cipher that is broken"
        }
    }

    var severity: Severity {
        switch self {
        case .commandInjection, .codeInjection: .critical
        case .sqlInjection, .deserialisation, .requestForgery, .pathTraversal, .key: .high
        case .passwordHash, .cipher: .medium
        }
    }

    /// By its number in CWE.
    var weakness: Int {
        switch self {
        case .commandInjection: 78
        case .codeInjection: 94
        case .sqlInjection: 89
        case .deserialisation: 502
        case .requestForgery: 918
        case .pathTraversal: 22
        case .passwordHash: 916
        case .key: 321
        case .cipher: 327
        }
    }

    var remedy: String {
        switch self {
        case .commandInjection:
            "Start the program itself with a list of arguments and no shell; where a shell is needed, quote each value."
        case .codeInjection: "Do not run it: look the wanted thing up in a table, or read it with a parser for data."
        case .sqlInjection: "Keep the statement a constant and give the values as parameters."
        case .deserialisation: "Read a format for data alone, such as JSON, or the library's safe loader."
        case .requestForgery:
            "Take the host from a list of those that are allowed, and refuse redirects and private addresses."
        case .pathTraversal:
            "Take only the last component, or resolve the path and make sure that it is still in its folder."
        case .passwordHash: "Hash passwords with Argon2id, scrypt or bcrypt, with a salt each."
        case .key: "Take the key from a store of secrets or the environment, and replace this one: it is known."
        case .cipher: "Use AES-GCM or ChaCha20-Poly1305 with a nonce that is used once."
        }
    }
}

/// A flaw in one file, by its bytes.
struct CodeFlaw: Sendable, Hashable {
    struct Step: Sendable, Hashable {
        var offset: Int
        var text: String
    }

    var rule: CodeRule
    var range: Range<Int>
    /// From where something comes in to where it does harm; empty where the code itself is the flaw.
    var trace: [Step] = []
    /// What must not be shown: keys.
    var hidden: Range<Int>?
}
