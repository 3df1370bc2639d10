internal import BigInt

/// An X.509 certificate (RFC 5280).
struct X509Certificate {
    let encoded: [UInt8]
    let toBeSigned: [UInt8]
    let version: Int
    let serial: BigInt
    let issuer: X509Name
    let subject: X509Name
    let notBefore: Int
    let notAfter: Int
    let publicKey: PublicKeyInfo
    let signature: [UInt8]
    let algorithm: X509SignatureAlgorithm
    let extensions: X509Extensions

    /// One after another.
    static func all(_ bytes: [UInt8]) throws(DER.Malformed) -> [X509Certificate] {
        var rest = bytes[...]
        var certificates: [X509Certificate] = []
        while !rest.isEmpty { certificates.append(try X509Certificate(try DER.next(&rest))) }
        return certificates
    }

    init(_ element: DER) throws(DER.Malformed) {
        encoded = Array(element.encoded)
        let outer = try element.members(atLeast: 3)
        toBeSigned = Array(outer[0].encoded)
        algorithm = try X509SignatureAlgorithm(outer[1])
        signature = try outer[2].bits()
        var members = try outer[0].members(atLeast: 6)[...]
        if let first = members.first, first.tag == DER.Tag.context(0) {
            version = try DER.only(first.content).small() + 1
            members = members.dropFirst()
        } else {
            version = 1
        }
        guard members.count >= 6 else { throw DER.Malformed() }
        let fields = Array(members)
        serial = try fields[0].integer()
        issuer = try X509Name(fields[2])
        let validity = try fields[3].members(atLeast: 2)
        (notBefore, notAfter) = (try validity[0].time(), try validity[1].time())
        subject = try X509Name(fields[4])
        publicKey = try PublicKeyInfo(fields[5])
        let wrapped = fields.dropFirst(6).first { $0.tag == DER.Tag.context(3) }
        extensions =
            try wrapped.map { wrapped throws(DER.Malformed) in
                try X509Extensions(try DER.only(wrapped.content))
            } ?? X509Extensions()
    }

    /// With the members that Go's JSON of a certificate has.
    var json: RegoValue {
        var members = extensions.json
        for (name, value) in identity { members.updateValue(value, forKey: RegoValue(name)) }
        members.updateValue(X509JSON.texts(extensions.names.uris), forKey: "URIStrings")
        return .object(members)
    }

    private var identity: [(String, RegoValue)] {
        [
            ("Raw", X509JSON.base64(encoded)), ("RawTBSCertificate", X509JSON.base64(toBeSigned)),
            ("RawSubjectPublicKeyInfo", X509JSON.base64(publicKey.encoded)),
            ("RawSubject", X509JSON.base64(subject.encoded)), ("RawIssuer", X509JSON.base64(issuer.encoded)),
            ("Signature", X509JSON.base64(signature)), ("SignatureAlgorithm", RegoValue(algorithm.number)),
            ("PublicKeyAlgorithm", RegoValue(publicKey.algorithmNumber)), ("PublicKey", publicKey.json),
            ("Version", RegoValue(version)), ("SerialNumber", .number(RegoNumber(serial))),
            ("Issuer", issuer.json), ("Subject", subject.json),
            ("NotBefore", X509JSON.time(notBefore)), ("NotAfter", X509JSON.time(notAfter)),
        ]
    }
}

/// How a certificate was signed.
struct X509SignatureAlgorithm {
    /// Go's.
    let number: Int
    /// Nil for what is not or no longer trusted (SHA-1, MD5).
    let scheme: VerificationKey.Scheme?

    private static let known: [String: (Int, VerificationKey.Scheme?)] = [
        "1.2.840.113549.1.1.4": (2, nil), "1.2.840.113549.1.1.5": (3, nil),
        "1.2.840.113549.1.1.11": (4, .pkcs1(.sha256)), "1.2.840.113549.1.1.12": (5, .pkcs1(.sha384)),
        "1.2.840.113549.1.1.13": (6, .pkcs1(.sha512)), "1.2.840.10045.4.1": (9, nil),
        "1.2.840.10045.4.3.2": (10, .ecdsa(.sha256)), "1.2.840.10045.4.3.3": (11, .ecdsa(.sha384)),
        "1.2.840.10045.4.3.4": (12, .ecdsa(.sha512)), "1.3.101.112": (16, .eddsa),
    ]
    private static let pss: [String: (Int, VerificationKey.Scheme?)] = [
        "2.16.840.1.101.3.4.2.1": (13, .pss(.sha256)), "2.16.840.1.101.3.4.2.2": (14, .pss(.sha384)),
        "2.16.840.1.101.3.4.2.3": (15, .pss(.sha512)),
    ]

    init(_ element: DER) throws(DER.Malformed) {
        let members = try element.members(atLeast: 1)
        let name = try members[0].name()
        var found = Self.known[name]
        if name == "1.2.840.113549.1.1.10", members.count > 1,
            let first = try members[1].members().first, first.tag == DER.Tag.context(0)
        {
            found = Self.pss[try DER.only(first.content).members(atLeast: 1)[0].name()]
        }
        (number, scheme) = found ?? (0, nil)
    }
}
