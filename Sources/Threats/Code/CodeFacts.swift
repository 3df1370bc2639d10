import Scan

/// What the code of one file says about who comes in, where it goes and what it keeps.
struct CodeFacts: Sendable, Hashable {
    /// Of each kind, in one file.
    static let most = 500

    struct Route: Sendable, Hashable {
        /// `GET`, `POST`, …; `ANY` where the route does not say.
        var methods: [String]
        var path: String
        var framework: String
        /// Who must be signed in, by what says so; nil where nothing does.
        var guardName: String?
        /// What serves it, where that may be guarded elsewhere.
        var handler: String?
        var line: Int

        /// Changes are what a stranger should not make. What signs people in has to be open.
        var isWrite: Bool { methods.contains { ["POST", "PUT", "PATCH", "DELETE"].contains($0) } && !isForStrangers }

        private var isForStrangers: Bool {
            let words = Words.of(path)
            return !words.isDisjoint(with: [
                "login", "signin", "sign", "logout", "register", "signup", "token", "oauth", "auth", "health",
                "webhook",
                "webhooks", "callback", "password", "reset", "csp", "metrics", "public",
            ])
        }
    }

    struct Call: Sendable, Hashable {
        var host: String
        var isPlain: Bool
        var line: Int
    }

    struct StoreUse: Sendable, Hashable {
        /// `postgresql`, `s3`, …
        var technology: String
        /// Whether TLS is asked for; nil where nothing says.
        var isEncrypted: Bool?
        var line: Int
    }

    struct DataModel: Sendable, Hashable {
        var name: String
        var fields: [String]
        /// Whether there are passwords among them.
        var holdsCredentials: Bool
        var line: Int
    }

    struct Named: Sendable, Hashable {
        var name: String
        var line: Int
    }

    struct Mark: Sendable, Hashable {
        var trait: Trait
        var reason: String
        var line: Int
    }

    var routes: [Route] = []
    var calls: [Call] = []
    var stores: [StoreUse] = []
    var models: [DataModel] = []
    var commands: [Named] = []
    var consumers: [Named] = []
    var marks: [Mark] = []
    /// Functions and classes that ask for a sign-in, by name.
    var guarded: [String: String] = [:]
    /// What asks for one for all routes of the file.
    var wholeGuard: Named?
    var isCutShort = false

    var isEmpty: Bool {
        routes.isEmpty && calls.isEmpty && stores.isEmpty && models.isEmpty && commands.isEmpty && consumers.isEmpty
            && marks.isEmpty && guarded.isEmpty && !isCutShort
    }
}

/// Names taken apart: `getCurrentUser`, `login_required`, `/api/users/<id>`.
enum Words {
    static func of(_ name: String) -> Set<String> {
        var words: Set<String> = []
        var word = ""
        var wasLower = false
        for character in name.prefix(400) {
            let isUpper = character.isUppercase
            if !character.isLetter || isUpper && wasLower {
                if !word.isEmpty { words.insert(word) }
                word = ""
            }
            if character.isLetter { word += character.lowercased() }
            wasLower = character.isLowercase
        }
        if !word.isEmpty { words.insert(word) }
        return words
    }

    private static let guards: Set<String> = [
        "auth", "authenticate", "authenticated", "authentication", "authenticator", "authorize", "authorized",
        "authorization", "login", "jwt", "permission", "permissions", "scope", "scopes", "role", "roles", "admin",
        "protected", "passport", "oauth", "acl", "apikey", "guard", "signin", "bearer", "identity", "superuser",
        "staff",
    ]

    /// Whether what is called so asks who comes.
    static func isGuard(_ name: String) -> Bool {
        let words = of(name)
        guard words.isDisjoint(with: ["csrf", "cors", "optional", "log", "router", "routes", "exempt"]) else {
            return false
        }
        return !words.isDisjoint(with: guards) || words.isSuperset(of: ["current", "user"])
            || words.isSuperset(of: ["api", "key"]) || words.isSuperset(of: ["verify", "token"])
            || words.isSuperset(of: ["token", "required"]) || words.isSuperset(of: ["logged", "in"])
    }

    /// Whether a class that stands on one called so asks who comes: `LoginRequiredMixin`, and not `OAuthHandler`.
    static func isGuardingBase(_ name: String) -> Bool {
        isGuard(name) && !of(name).isDisjoint(with: ["mixin", "required", "permission", "authenticated"])
    }

    private static let personal: [Set<String>] = [
        ["email"], ["phone"], ["mobile"], ["telephone"], ["ssn"], ["birthday"], ["birthdate"], ["dob"], ["birth"],
        ["surname"], ["passport"], ["iban"], ["salary"], ["gender"], ["ethnicity"], ["religion"], ["diagnosis"],
        ["medical"], ["patient"], ["postcode"], ["street"], ["first", "name"], ["last", "name"], ["full", "name"],
        ["firstname"], ["lastname"], ["fullname"], ["credit", "card"], ["card", "number"], ["social", "security"],
        ["national", "id"], ["tax", "id"], ["home", "address"], ["postal", "code"], ["zip", "code"],
    ]

    /// Whether a field that is called so holds something about a person.
    static func isPersonal(_ name: String) -> Bool {
        let words = of(name)
        return personal.contains { words.isSuperset(of: $0) }
    }

    static func isCredential(_ name: String) -> Bool {
        !of(name).isDisjoint(with: ["password", "passwd", "pwd", "secret", "totp"])
            || of(name).isSuperset(of: ["password", "hash"])
    }
}
