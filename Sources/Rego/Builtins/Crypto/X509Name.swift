internal import BigInt
internal import Core

/// What Go's JSON of certificates has in common.
enum X509JSON {
    static func base64(_ bytes: some Collection<UInt8>) -> RegoValue { RegoValue(Base64.encode(bytes)) }
    static func texts(_ texts: [String]) -> RegoValue {
        texts.isEmpty ? .null : .array(RegoArray(texts.map { RegoValue($0) }))
    }
    static func identifier(_ parts: [Int]) -> RegoValue { .array(RegoArray(parts.map { RegoValue($0) })) }

    static func time(_ seconds: Int) -> RegoValue {
        RegoValue(GoLayout(GoLayout.rfc3339).format(CalendarTime(seconds: seconds, nanosecond: 0, zone: .utc)))
    }
}

/// A distinguished name.
struct X509Name {
    let encoded: [UInt8]
    private var attributes: [(type: [Int], value: String)] = []

    init(_ element: DER) throws(DER.Malformed) {
        encoded = Array(element.encoded)
        for part in try element.members() {
            guard part.tag == DER.Tag.set else { throw DER.Malformed() }
            for attribute in try part.children() {
                let pair = try attribute.members(atLeast: 2)
                attributes.append((try pair[0].identifier(), pair[1].text))
            }
        }
    }

    private static let lists: [(String, Int)] = [
        ("Country", 6), ("Organization", 10), ("OrganizationalUnit", 11), ("Locality", 7), ("Province", 8),
        ("StreetAddress", 9), ("PostalCode", 17),
    ]

    private func values(_ number: Int) -> [String] {
        attributes.filter { $0.type == [2, 5, 4, number] }.map(\.value)
    }

    var json: RegoValue {
        var members: RegoObject = [
            "CommonName": RegoValue(values(3).last ?? ""), "SerialNumber": RegoValue(values(5).last ?? ""),
            "ExtraNames": .null,
        ]
        for (name, number) in Self.lists {
            members.updateValue(X509JSON.texts(values(number)), forKey: RegoValue(name))
        }
        let names = attributes.map { attribute -> RegoValue in
            ["Type": X509JSON.identifier(attribute.type), "Value": RegoValue(attribute.value)]
        }
        members.updateValue(names.isEmpty ? .null : .array(RegoArray(names)), forKey: "Names")
        return .object(members)
    }
}

/// The alternative names of a subject (RFC 5280, section 4.2.1.6).
struct X509AlternativeNames {
    var dns: [String] = [], emails: [String] = [], uris: [String] = []
    var addresses: [IPAddress] = []

    init() {}

    init(_ bytes: [UInt8]) throws(DER.Malformed) {
        for name in try DER.only(bytes).members() {
            switch name.tag {
            case DER.Tag.context(1, constructed: false): emails.append(name.text)
            case DER.Tag.context(2, constructed: false): dns.append(name.text)
            case DER.Tag.context(6, constructed: false): uris.append(name.text)
            case DER.Tag.context(7, constructed: false):
                guard name.content.count == 4 || name.content.count == 16 else { throw DER.Malformed() }
                let bits = name.content.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
                addresses.append(IPAddress(bits, isV4: name.content.count == 4))
            default: break
            }
        }
    }

    var json: RegoObject {
        [
            "DNSNames": X509JSON.texts(dns), "EmailAddresses": X509JSON.texts(emails),
            "IPAddresses": X509JSON.texts(addresses.map(\.text)),
            "URIs": uris.isEmpty ? .null : .array(RegoArray(uris.map(Self.url))),
        ]
    }

    /// As Go's `url.URL`.
    private static func url(_ text: String) -> RegoValue {
        var rest = Substring(text)
        var scheme = ""
        var host = ""
        var opaque = ""
        var query = ""
        var fragment = ""
        if let mark = rest.firstIndex(of: "#") {
            (fragment, rest) = (String(rest[rest.index(after: mark)...]), rest[..<mark])
        }
        if let mark = rest.firstIndex(of: "?") {
            (query, rest) = (String(rest[rest.index(after: mark)...]), rest[..<mark])
        }
        if let colon = rest.firstIndex(of: ":") {
            (scheme, rest) = (rest[..<colon].lowercased(), rest[rest.index(after: colon)...])
            if rest.hasPrefix("//") {
                rest = rest.dropFirst(2)
                let end = rest.firstIndex(of: "/") ?? rest.endIndex
                (host, rest) = (String(rest[..<end]), rest[end...])
            } else {
                (opaque, rest) = (String(rest), "")
            }
        }
        return [
            "Scheme": RegoValue(scheme), "Opaque": RegoValue(opaque), "User": .null, "Host": RegoValue(host),
            "Path": RegoValue(String(rest)), "RawPath": "", "OmitHost": false, "ForceQuery": false,
            "RawQuery": RegoValue(query), "Fragment": RegoValue(fragment), "RawFragment": "",
        ]
    }
}
