internal import Core

/// `crypto.x509.*` and keys.
enum X509Builtins {
    private static let certificates = RegoType.array(of: .object(.string, .any))

    static let all: [Builtin] = [
        Builtin("crypto.x509.parse_certificates", [.string], certificates) { arguments, context throws(BuiltinError) in
            let certificates = try parse(try arguments.text(0), context)
            return .array(RegoArray(certificates.map(\.json)))
        },
        Builtin(
            "crypto.x509.parse_and_verify_certificates", [.string], .array([.boolean, certificates], rest: nil),
            isPure: false
        ) { arguments, context throws(BuiltinError) in
            try verify(
                arguments, X509Verifier.Options(time: Calendar.floorDivide(context.nowNanoseconds, 1_000_000_000)),
                context)
        },
        Builtin(
            "crypto.x509.parse_and_verify_certificates_with_options", [.string, .object(.string, .any)],
            .array([.boolean, certificates], rest: nil), isPure: false
        ) { arguments, context throws(BuiltinError) in
            try verify(arguments, try options(try arguments.object(1), context), context)
        },
        Builtin("crypto.x509.parse_certificate_request", [.string], .object(.string, .any), run: parseRequest),
        Builtin("crypto.x509.parse_keypair", [.string, .string], .object(.string, .any), run: parseKeyPair),
        Builtin("crypto.x509.parse_rsa_private_key", [.string], .object(.string, .any)) {
            arguments, context throws(BuiltinError) in
            let text = try arguments.text(0)
            guard !text.isEmpty else { throw .failure("input PEM data was empty") }
            let pem = text.hasPrefix("-----BEGIN") ? text : GoText.decode(try GoBase64.decode(text))
            return try keys(pem, context).first?.jwk ?? .null
        },
        Builtin("crypto.parse_private_keys", [.string], certificates) { arguments, context throws(BuiltinError) in
            let text = try arguments.text(0)
            if text.isEmpty { return .null }
            return .array(RegoArray(try keys(text, context).map(\.json)))
        },
    ]

    /// PEM, or base64 of PEM or of DER.
    private static func parse(_ text: String, _ context: BuiltinContext) throws(BuiltinError) -> [X509Certificate] {
        try context.charge(memory: Size.product(text.utf8.count, 8))
        var bytes: [UInt8] = []
        if text.hasPrefix("-----BEGIN") {
            bytes = try certificateBytes(text)
        } else {
            bytes = try GoBase64.decode(text)
            if bytes.starts(with: "-----BEGIN".utf8) { bytes = try certificateBytes(GoText.decode(bytes)) }
        }
        do throws(DER.Malformed) {
            return try X509Certificate.all(bytes)
        } catch {
            throw .failure("x509: malformed certificate")
        }
    }

    private static func certificateBytes(_ text: String) throws(BuiltinError) -> [UInt8] {
        var bytes: [UInt8] = []
        for block in PEM.blocks(text).blocks {
            guard block.label == "CERTIFICATE" else {
                throw .failure("PEM block type is '\(block.label)', expected CERTIFICATE")
            }
            bytes += block.bytes
        }
        return bytes
    }

    private static func verify(
        _ arguments: [RegoValue], _ options: X509Verifier.Options, _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let text = try arguments.text(0)
        do throws(BuiltinError) {
            let certificates = try parse(text, context)
            guard certificates.count >= 2, let root = certificates.first, let leaf = certificates.last else {
                return [false, []]
            }
            let verifier = X509Verifier(
                root: root, intermediates: Array(certificates[1..<(certificates.count - 1)]), options: options,
                context: context)
            guard let chain = try verifier.chain(for: leaf) else { return [false, []] }
            return [true, .array(RegoArray(chain.map(\.json)))]
        } catch {
            if error.isFatal { throw error }
            return [false, []]
        }
    }

    private static let usages = [
        "KeyUsageAny", "KeyUsageServerAuth", "KeyUsageClientAuth", "KeyUsageCodeSigning", "KeyUsageEmailProtection",
        "KeyUsageIPSECEndSystem", "KeyUsageIPSECTunnel", "KeyUsageIPSECUser", "KeyUsageTimeStamping",
        "KeyUsageOCSPSigning", "KeyUsageMicrosoftServerGatedCrypto", "KeyUsageNetscapeServerGatedCrypto",
        "KeyUsageMicrosoftCommercialCodeSigning", "KeyUsageMicrosoftKernelCodeSigning",
    ]

    private static func options(
        _ object: RegoObject, _ context: BuiltinContext
    ) throws(BuiltinError) -> X509Verifier.Options {
        var options = X509Verifier.Options(time: Calendar.floorDivide(context.nowNanoseconds, 1_000_000_000))
        for (key, value) in object {
            switch key.text {
            case "DNSName":
                guard let name = value.text else { throw .failure("'DNSName' should be a string") }
                options.host = name.isEmpty ? nil : name
            case "CurrentTime":
                guard let time = value.number?.int else { throw .failure("'CurrentTime' should be a number") }
                options.time = Calendar.floorDivide(time, 1_000_000_000)
            case "MaxConstraintComparisons":
                guard value.number?.int != nil else { throw .failure("'MaxConstraintComparisons' should be a number") }
            case "KeyUsages":
                guard value.array != nil || value.set != nil else {
                    throw .failure("'KeyUsages' should be an Array or Set")
                }
                let names = try [value].texts(0)
                let unknown = names.filter { !usages.contains($0) }
                guard unknown.isEmpty else { throw .failure("invalid entries for 'KeyUsages' found: \(unknown)") }
                if !names.isEmpty { options.usages = names.compactMap { usages.firstIndex(of: $0) } }
            default: throw .failure("invalid key option")
            }
        }
        return options
    }

    private static func parseRequest(_ arguments: [RegoValue], _ context: BuiltinContext) throws(BuiltinError)
        -> RegoValue?
    {
        let text = try arguments.text(0)
        try context.charge(memory: Size.product(text.utf8.count, 8))
        var bytes = text.hasPrefix("-----BEGIN CERTIFICATE REQUEST-----") ? Array(text.utf8) : try GoBase64.decode(text)
        if let block = PEM.blocks(GoText.decode(bytes)).blocks.first {
            guard block.label == "CERTIFICATE REQUEST" else {
                throw .failure("invalid PEM-encoded certificate signing request")
            }
            bytes = block.bytes
        }
        do throws(DER.Malformed) {
            return try X509Request.json(bytes)
        } catch {
            throw .failure("asn1: structure error: malformed certificate request")
        }
    }

    private static func keys(_ text: String, _ context: BuiltinContext) throws(BuiltinError) -> [SigningKey] {
        try context.charge(memory: Size.product(text.utf8.count, 8))
        var pem = text
        do throws(BuiltinError) { pem = GoText.decode(try GoBase64.decode(text)) } catch { pem = text }
        var keys: [SigningKey] = []
        for block in PEM.blocks(pem).blocks {
            do throws(DER.Malformed) {
                if let key = try SigningKey(pem: block) { keys.append(key) }
            } catch {
                throw .failure("x509: failed to parse private key of a \(block.label) block")
            }
        }
        return keys
    }

    private static func parseKeyPair(
        _ arguments: [RegoValue], _ context: BuiltinContext
    ) throws(BuiltinError) -> RegoValue? {
        let certificates = try parse(try arguments.text(0), context)
        guard let leaf = certificates.first else {
            throw .failure("tls: failed to find any PEM data in certificate input")
        }
        let keyText = try arguments.text(1)
        var key = try keys(keyText, context).first
        if key == nil, !keyText.hasPrefix("-----BEGIN") {
            let bytes = try GoBase64.decode(keyText)
            do throws(DER.Malformed) { key = try SigningKey(pkcs8: bytes) } catch { key = nil }
        }
        guard let key else { throw .failure("tls: failed to find any PEM data in key input") }
        guard key.belongs(to: leaf.publicKey) else { throw .failure("tls: private key does not match public key") }
        return [
            "Certificate": .array(RegoArray(certificates.map { X509JSON.base64($0.encoded) })),
            "PrivateKey": key.json, "SupportedSignatureAlgorithms": .null, "OCSPStaple": .null,
            "SignedCertificateTimestamps": .null, "Leaf": leaf.json,
        ]
    }
}

/// A certificate request (RFC 2986) as Go writes it in JSON.
enum X509Request {
    static func json(_ bytes: [UInt8]) throws(DER.Malformed) -> RegoValue {
        let whole = try DER.only(bytes)
        let outer = try whole.members(atLeast: 3)
        let fields = try outer[0].members(atLeast: 3)
        let subject = try X509Name(fields[1])
        let key = try PublicKeyInfo(fields[2])
        var extensions = X509Extensions()
        for attribute in try fields.dropFirst(3).first?.children() ?? [] {
            let pair = try attribute.members(atLeast: 2)
            if try pair[0].name() == "1.2.840.113549.1.9.14" {
                extensions = try X509Extensions(try DER.only(pair[1].content))
            }
        }
        var members = extensions.names.json
        let own: [(String, RegoValue)] = [
            ("Raw", X509JSON.base64(whole.encoded)), ("RawTBSCertificateRequest", X509JSON.base64(outer[0].encoded)),
            ("RawSubjectPublicKeyInfo", X509JSON.base64(key.encoded)), ("RawSubject", X509JSON.base64(subject.encoded)),
            ("Version", RegoValue(try fields[0].small())), ("Signature", X509JSON.base64(try outer[2].bits())),
            ("SignatureAlgorithm", RegoValue(try X509SignatureAlgorithm(outer[1]).number)),
            ("PublicKeyAlgorithm", RegoValue(key.algorithmNumber)), ("PublicKey", key.json), ("Subject", subject.json),
            ("Attributes", .null), ("Extensions", extensions.list), ("ExtraExtensions", .null),
        ]
        for (name, value) in own { members.updateValue(value, forKey: RegoValue(name)) }
        return .object(members)
    }
}
