/// What is wrong whatever comes in: keys in the code, broken ciphers, fast hashes of passwords, unsafe loaders.
extension CodeAnalysis {
    mutating func inspectPattern(_ call: CodeCall) {
        switch language {
        case .python: inspectPython(call)
        case .javaScript: inspectJavaScript(call)
        case .go: inspectGo(call)
        case .swift: inspectSwift(call)
        }
    }

    /// `app.secret_key = '…'`
    mutating func inspectAssignment(_ name: String, _ value: CodeValue, at range: Range<Int>) {
        guard language == .python, name == "secret_key" || name == "SECRET_KEY" else { return }
        reportKey(value, range)
    }

    // MARK: - Keys

    private mutating func reportKey(_ value: CodeValue?, _ range: Range<Int>) {
        guard !isTest, let value, let key = value.constant, key.utf8.count >= 6, !Self.isPlaceholder(key) else {
            return
        }
        report(CodeFlaw(rule: .key, range: range, hidden: value.place.isEmpty ? nil : value.place))
    }

    /// What is to be filled in is no key, and neither is a name of one.
    private static func isPlaceholder(_ key: String) -> Bool {
        let lower = key.lowercased()
        return key.contains("$") || key.contains("{") || key.contains("<") || key.contains("/") && key.contains(".")
            || lower.hasPrefix("your") || lower.contains("example") || lower.contains("placeholder")
            || lower.contains("-----begin public") || lower.hasPrefix("env")
    }

    // MARK: - Passwords

    /// Whether a value goes by the name of a password.
    private func isPassword(_ expression: CodeExpression) -> Bool {
        switch expression {
        case .name(let name, _): Self.isPasswordName(name)
        case .member(let base, let name, _):
            Self.isPasswordName(name) || isPassword(base) && ["utf8", "encode"].contains(name)
        case .call(.member(let base, let method, _), _, _):
            ["encode", "getBytes", "data", "strip", "toString"].contains(method) && isPassword(base)
        case .call(.name(let name, _), let arguments, _):
            ["bytes", "str", "Data", "byte", "string", "String", "Array"].contains(name)
                && arguments.first.map { isPassword($0.value) } ?? false
        case .call(.member(_, "from", _), let arguments, _): arguments.first.map { isPassword($0.value) } ?? false
        case .join(let parts, let operators, _): operators.allSatisfy { $0 == "+" } && parts.contains { isPassword($0) }
        default: false
        }
    }

    static func isPasswordName(_ name: String) -> Bool {
        var words: [String] = []
        var word = ""
        for character in name {
            if character == "_" || character.isUppercase {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if character != "_" { word += character.lowercased() }
        }
        words.append(word)
        guard let last = words.last else { return false }
        return ["password", "passwd", "passphrase", "pwd", "passcode"].contains(last)
    }

    // MARK: - Python

    private static let hashes: Set<String> = [
        "hashlib.md5", "hashlib.sha1", "hashlib.sha224", "hashlib.sha256", "hashlib.sha384", "hashlib.sha512",
        "hashlib.sha3_256", "hashlib.blake2b", "hashlib.blake2s", "md5.new", "sha.new",
    ]
    private static let brokenCiphers: Set<String> = [
        "Crypto.Cipher.DES.new", "Crypto.Cipher.ARC4.new", "Crypto.Cipher.ARC2.new", "Cryptodome.Cipher.DES.new",
        "Cryptodome.Cipher.ARC4.new",
    ]

    private mutating func inspectPython(_ call: CodeCall) {
        guard let name = call.name else { return }
        let first = call.arguments.first { $0.label == nil }?.value
        if Self.hashes.contains(name), let first, isPassword(first) {
            report(CodeFlaw(rule: .passwordHash, range: call.range))
        }
        if Self.brokenCiphers.contains(name) { report(CodeFlaw(rule: .cipher, range: call.range)) }
        if name == "yaml.load" || name == "yaml.load_all" { inspectLoader(call) }
        switch name {
        case "cryptography.fernet.Fernet": reportKey(call.value(0, ["key"]), call.range)
        case "jwt.encode", "jwt.decode", "jose.jwt.encode", "jose.jwt.decode":
            reportKey(call.value(1, ["key"]), call.range)
        case _ where name.hasPrefix("Crypto.Cipher.") || name.hasPrefix("Cryptodome.Cipher."):
            if name.hasSuffix(".new") { reportKey(call.value(0, ["key"]), call.range) }
        default: break
        }
    }

    /// PyYAML's own loader makes objects of any class.
    private mutating func inspectLoader(_ call: CodeCall) {
        let unnamed = call.arguments.filter { $0.label == nil }
        let loader = call.label("Loader") ?? (unnamed.count > 1 ? unnamed[1].value : nil)
        if call.values.first?.constant != nil { return }
        guard let loader else { return report(CodeFlaw(rule: .deserialisation, range: call.range)) }
        let name: String? =
            switch loader {
            case .name(let name, _), .member(_, let name, _): name
            default: nil
            }
        if ["Loader", "UnsafeLoader", "CLoader", "FullLoader"].contains(name ?? ""), name != "FullLoader" {
            report(CodeFlaw(rule: .deserialisation, range: call.range))
        }
    }

    // MARK: - JavaScript

    private mutating func inspectJavaScript(_ call: CodeCall) {
        let name = call.name ?? ""
        if ["crypto.createCipher", "crypto.createDecipher"].contains(name) {
            return report(CodeFlaw(rule: .cipher, range: call.range))
        }
        if ["crypto.createCipheriv", "crypto.createDecipheriv"].contains(name) {
            let algorithm = call.values.first?.constant?.lowercased() ?? ""
            if algorithm.hasPrefix("des") || algorithm.hasPrefix("rc4") || algorithm.hasSuffix("-ecb")
                || algorithm.hasPrefix("bf")
            {
                report(CodeFlaw(rule: .cipher, range: call.range))
            }
            reportKey(call.value(1, []), call.range)
        }
        if ["jsonwebtoken.sign", "jsonwebtoken.verify"].contains(name) { reportKey(call.value(1, []), call.range) }
        // createHash('sha256').update(password)
        if call.method == "update", let first = call.arguments.first?.value, isPassword(first),
            call.receiver == "createHash"
        {
            report(CodeFlaw(rule: .passwordHash, range: call.range))
        }
    }

    // MARK: - Go

    private mutating func inspectGo(_ call: CodeCall) {
        let name = call.name ?? ""
        if ["crypto/des.NewCipher", "crypto/des.NewTripleDESCipher", "crypto/rc4.NewCipher"].contains(name) {
            report(CodeFlaw(rule: .cipher, range: call.range))
        }
        if name == "crypto/aes.NewCipher" { reportKey(call.value(0, []), call.range) }
        if call.method == "SignedString" { reportKey(call.value(0, []), call.range) }
        let sums: Set<String> = [
            "crypto/md5.Sum", "crypto/sha1.Sum", "crypto/sha256.Sum256", "crypto/sha512.Sum512", "crypto/sha256.Sum224",
        ]
        if sums.contains(name), let first = call.arguments.first?.value, isPassword(first) {
            report(CodeFlaw(rule: .passwordHash, range: call.range))
        }
    }

    // MARK: - Swift

    private mutating func inspectSwift(_ call: CodeCall) {
        let name = call.name ?? ""
        if name == "NSKeyedUnarchiver.unarchiveObject" {
            return report(CodeFlaw(rule: .deserialisation, range: call.range))
        }
        let hashes: Set<String> = [
            "Insecure.MD5.hash", "Insecure.SHA1.hash", "SHA256.hash", "SHA384.hash", "SHA512.hash",
        ]
        if hashes.contains(name), let data = call.label("data"), isPassword(data) {
            report(CodeFlaw(rule: .passwordHash, range: call.range))
        }
        if name == "SymmetricKey", let data = call.label("data") { reportKey(Self.literal(data), call.range) }
    }

    /// `Data("…".utf8)`, `Array("…".utf8)`
    private static func literal(_ expression: CodeExpression) -> CodeValue? {
        switch expression {
        case .literal(let text, let range): .text(text, at: range)
        case .member(let base, "utf8", _): literal(base)
        case .call(.name(let name, _), let arguments, _) where name == "Data" || name == "Array":
            arguments.first.flatMap { literal($0.value) }
        default: nil
        }
    }
}
