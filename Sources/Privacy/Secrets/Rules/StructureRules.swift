import Core

extension SecretRule {
    /// Secrets known by the structure around them, and the generic rule. Patterns are in extended syntax:
    /// white space outside classes means nothing.
    static let structureRules: [SecretRule] = [
        privateKey, cutOffPrivateKey, keyStoreFile, urlPassword, connectionStringPassword, authorizationHeader,
        curlHeader, curlUser,
        kubernetesSecret, nugetPassword, terraformPassword, netrcPassword, genericAssignment,
    ]

    /// PEM (RFC 7468), OpenSSH and OpenPGP armour; headers such as `Proc-Type` may come before the body.
    private static let privateKey = around(
        "private-key", "Private key", ["-----BEGIN [A-Z]"], after: 16_384,
        #"""
        (?x) -----BEGIN[ ] (?:[A-Z0-9]{1,12}[ ]){0,3} PRIVATE[ ]KEY (?:[ ]BLOCK)? -----
        ( [^\-]{32,12000} (?: - [^\-]{1,12000} ){0,8} )
        -----END
        """#,
        severity: .critical, check: .privateKey, at: "wherever its public half or certificate is trusted")

    /// The same without its end: headers, then lines of base64, of which the last may be cut.
    private static let cutOffPrivateKey = around(
        "private-key-cut-off", "Private key that was cut off", ["-----BEGIN [A-Z]"], after: 16_384,
        #"""
        (?x) -----BEGIN[ ] (?:[A-Z0-9]{1,12}[ ]){0,3} PRIVATE[ ]KEY (?:[ ]BLOCK)? ----- (?: \s | \\ [nr] ){0,8}
        (?: [A-Za-z] [A-Za-z\-]{1,24} : [^\n\\]{0,200} (?: \s | \\ [nr] ){1,8} ){0,6}
        ( [^\-]{0,16}? [A-Za-z0-9+/=]{24,12000} (?: [^\-]{1,16}? [A-Za-z0-9+/=]{24,12000} ){0,300}
        (?: [^A-Za-z0-9+/=\-]{1,4} [A-Za-z0-9+/=]{1,76} )? )
        """#,
        severity: .critical, check: .privateKey, at: "wherever its public half or certificate is trusted")

    private static let keyStoreFile: SecretRule = {
        var rule = around(
            "key-store-file", "Key store with private keys", [], "()", entropy: 0,
            at: "wherever its certificates are trusted")
        rule.pathSuffixes = [".p12", ".pfx", ".jks", ".keystore", ".bcfks"]
        return rule
    }()

    /// RFC 3986 section 3.2.1: `scheme://user:password@host`.
    private static let urlPassword = around(
        "url-password", "Password in a URL", ["://[^/ ]"],
        #"""
        (?x) :// [^\s:/@?#"'<>]{0,64} : ([^\s:/@"'<>`]{3,128}) @ [A-Za-z0-9.\-_\[]{2,253}
        """#,
        entropy: 2.2, check: .lettersAndDigits, at: "the service that it opens; change the password")

    /// ADO.NET, ODBC and JDBC: `Server=…;Password=…;Database=…`.
    private static let connectionStringPassword = SecretRule(
        id: "connection-string-password", title: "Password in a connection string", severity: .high,
        specificity: .format, anchors: [Anchor("password=", caseless: true), Anchor(";pwd=", caseless: true)],
        pattern: #"""
            (?xi) ;? (?:password|pwd) = ([^\s;"'<>$%{}]{6,128}) ; [^\n]{0,200}?
            (?: user | uid | server | database | data[ ]source | initial[ ]catalog | host | pooling | encrypt | timeout )
            [a-z ]{0,20} =
            """#,
        minimumEntropy: 2.5, check: .lettersAndDigits, remedy: remedy("the database; change the password"))

    /// RFC 7617.
    private static let authorizationHeader = SecretRule(
        id: "authorization-header", title: "Basic credentials", severity: .high, specificity: .format,
        anchors: [Anchor("authorization", caseless: true)],
        pattern: #"""
            (?xi) authorization ["']? \s{0,3} [:=,] \s{0,3} ["'`]? Basic \s{1,3}
            ([A-Za-z0-9+/]{8,400} ={0,2}) (?![A-Za-z0-9+/=])
            """#,
        minimumEntropy: 2.5, check: .basicCredentials, remedy: remedy("the service that it opens; change the password"))

    private static let curlHeader = around(
        "curl-auth-header", "Credentials in a curl command", ["curl "], after: 1200, far: true,
        #"""
        (?xi) curl[ ] [^|]{0,900}? (?: -H | --header ) [= ]{0,2} ["']
        (?: Authorization: \s{0,5} (?: Basic | Bearer | (?:Api-)? Token | ApiKey ) \s{1,5}
          | (?:X-)? (?:[a-z]{1,20}-)? (?: api-?key | api-?token | auth-?token | access-?token | token | octopus-apikey ) :
            \s{0,5} (?: (?: Basic | Bearer | Token ) \s )? )
        ( [\w=~@.+/\-]{8,1000} ) ["']
        """#,
        entropy: 2.75, check: .lettersAndDigits, at: "the service that the command calls")

    private static let curlUser = around(
        "curl-user", "User and password in a curl command", ["curl "], after: 1200, far: true,
        #"""
        (?x) curl[ ] (?: [^;|\n] | \\\n ){0,900}? (?: -u | --user ) [= ]{1,3}
        (?| " [^":$\s{]{0,64} : ([^"$\s{}][^"\s{}]{3,128}) "
          | ' [^':$\s{]{0,64} : ([^'$\s{}][^'\s{}]{3,128}) '
          | [^"':$\s{]{0,64} : ([^"'$\s{}][^"'\s{}]{3,128}) )
        (?= \s | $ )
        """#,
        entropy: 2, check: .lettersAndDigits, at: "the service that the command calls; change the password")

    private static let nugetPassword = around(
        "nuget-password", "Password in a NuGet configuration", ["ClearTextPassword"], after: 256,
        #"ClearTextPassword"\s{1,8}value="([^"%\s][^"\n]{7,128})""#, entropy: 2, paths: ["nuget.config"],
        at: "the package feed; change the password")

    private static let terraformPassword = around(
        "terraform-password", "Password in Terraform", ["password"], after: 256,
        #"password"?\s{0,32}=\s{0,8}"([^"$\s]{8,64})""#, entropy: 2.5, paths: [".tf", ".tfvars", ".hcl"],
        at: "the service that it opens; change the password")

    private static let netrcPassword = around(
        "netrc-password", "Password in .netrc", ["machine "],
        #"machine\s{1,8}[A-Za-z0-9.\-]{1,253}\s{1,8}login\s{1,8}\S{1,128}\s{1,8}password\s{1,8}([^\s{}"\\]{6,128})"#,
        entropy: 2.2, at: "the host it names; change the password")

    private static let genericAssignment: SecretRule = {
        let keys = [
            "api", "access", "private", "encryption", "signing", "auth", "account", "shared", "master", "client",
        ]
        let words =
            ["token", "secret", "passw", "pwd", "passphrase", "credential", "creds", "_auth"]
            + keys.flatMap { ["\($0)key", "\($0)_key", "\($0)-key"] }
        let names = words.joined(separator: "|")
        return SecretRule(
            id: "generic-secret", title: "Value assigned to a secret's name", severity: .medium, specificity: .generic,
            anchors: words.map { Anchor($0, caseless: true) },
            pattern: #"(?i)(?:\#(names))[\w.\- \t]{0,32}\#(assignment)([\w.=+/~@!#%^&*\-]{8,200})\#(valueEnd)"#,
            minimumEntropy: 2.75, check: .genericAssignment, remedy: remedy("the service that it opens"))
    }()
}
