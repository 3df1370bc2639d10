internal import Core
internal import Crypto
internal import FoundationEssentials

/// `crypto.*`, hashes and keyed hashes; certificates are in ``X509Builtins``.
enum CryptoBuiltins {
    static let all: [Builtin] =
        [
            hash("crypto.md5") { Insecure.MD5.hash(data: $0).map { $0 } },
            hash("crypto.sha1") { Insecure.SHA1.hash(data: $0).map { $0 } },
            hash("crypto.sha256") { SHA256.hash(data: $0).map { $0 } },
            mac("crypto.hmac.md5") {
                HMAC<Insecure.MD5>.authenticationCode(for: $0, using: SymmetricKey(data: $1)).map { $0 }
            },
            mac("crypto.hmac.sha1") {
                HMAC<Insecure.SHA1>.authenticationCode(for: $0, using: SymmetricKey(data: $1)).map { $0 }
            },
            mac("crypto.hmac.sha256") {
                HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: $1)).map { $0 }
            },
            mac("crypto.hmac.sha512") {
                HMAC<SHA512>.authenticationCode(for: $0, using: SymmetricKey(data: $1)).map { $0 }
            },
            Builtin("crypto.hmac.equal", [.string, .string], .boolean) { arguments, _ throws(BuiltinError) in
                let (left, right) = (Array(try arguments.text(0).utf8), Array(try arguments.text(1).utf8))
                // The time must not say how much of it is right.
                guard left.count == right.count else { return false }
                return .bool(zip(left, right).reduce(0) { $0 | $1.0 ^ $1.1 } == 0)
            },
        ] + X509Builtins.all

    private static func hash(_ name: String, _ digest: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Builtin {
        Builtin(name, [.string], .string) { arguments, context throws(BuiltinError) in
            let data = Array(try arguments.text(0).utf8)
            try context.charge(steps: data.count / 32)
            return RegoValue(Hex.encode(digest(data)))
        }
    }

    private static func mac(_ name: String, _ code: @escaping @Sendable ([UInt8], [UInt8]) -> [UInt8]) -> Builtin {
        Builtin(name, [.string, .string], .string) { arguments, context throws(BuiltinError) in
            let (data, key) = (Array(try arguments.text(0).utf8), Array(try arguments.text(1).utf8))
            try context.charge(steps: (data.count + key.count) / 32)
            return RegoValue(Hex.encode(code(data, key)))
        }
    }
}
