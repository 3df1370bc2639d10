/// The extensions of a certificate or a request (RFC 5280, section 4.2).
struct X509Extensions {
    private struct Item {
        var id: [Int], isCritical: Bool, value: [UInt8]
    }

    private var items: [Item] = []
    /// Critical ones that are not understood here: such a certificate is not to be trusted.
    private(set) var unhandled: [[Int]] = []
    private(set) var names = X509AlternativeNames()
    private(set) var keyUsage = 0
    private(set) var extendedKeyUsage: [Int] = []
    private var unknownKeyUsage: [[Int]] = []
    private(set) var isConstrained = false
    private(set) var isAuthority = false
    /// -1 where none is said.
    private(set) var greatestPathLength = -1
    private(set) var hasNameConstraints = false
    private var subjectKey: [UInt8]?
    private var authorityKey: [UInt8]?
    private var ocspServers: [String] = [], issuerLocations: [String] = [], revocationLists: [String] = []
    private var policies: [[Int]] = []

    init() {}

    init(_ element: DER) throws(DER.Malformed) {
        for member in try element.members() {
            let fields = try member.members(atLeast: 2)
            let isCritical = fields.count > 2 ? try fields[1].bool() : false
            guard let last = fields.last else { throw DER.Malformed() }
            let item = Item(id: try fields[0].identifier(), isCritical: isCritical, value: try last.octets())
            items.append(item)
            if try !read(item), isCritical { unhandled.append(item.id) }
        }
    }

    /// Whether the extension is understood.
    private mutating func read(_ item: Item) throws(DER.Malformed) -> Bool {
        if item.id == [1, 3, 6, 1, 5, 5, 7, 1, 1] {
            try readInformationAccess(item.value)
            return true
        }
        guard item.id.count == 4, item.id.starts(with: [2, 5, 29]) else { return false }
        switch item.id[3] {
        case 14: subjectKey = try DER.only(item.value).octets()
        case 15: keyUsage = try Self.usageBits(try DER.only(item.value, DER.Tag.bits))
        case 17: names = try X509AlternativeNames(item.value)
        case 19: try readConstraints(item.value)
        case 30: hasNameConstraints = true
        case 31: try readRevocationLists(item.value)
        case 32:
            for policy in try DER.only(item.value).members() {
                policies.append(try policy.members(atLeast: 1)[0].identifier())
            }
        case 35:
            for part in try DER.only(item.value).members() where part.tag == DER.Tag.context(0, constructed: false) {
                authorityKey = Array(part.content)
            }
        case 37: try readExtendedUsage(item.value)
        default: return false
        }
        return true
    }

    private static func usageBits(_ bits: DER) throws(DER.Malformed) -> Int {
        let bytes = bits.content.dropFirst()
        var usage = 0
        for at in 0..<9 where at / 8 < bytes.count {
            let byte = bytes[bytes.startIndex + at / 8]
            if byte & (0x80 >> UInt8(at % 8)) != 0 { usage |= 1 << at }
        }
        return usage
    }

    private mutating func readConstraints(_ value: [UInt8]) throws(DER.Malformed) {
        isConstrained = true
        for part in try DER.only(value).members() {
            if part.tag == DER.Tag.boolean {
                isAuthority = try part.bool()
            } else {
                greatestPathLength = try part.small()
            }
        }
    }

    /// By the numbers that Go gives to purposes, which for those of RFC 5280 are the last of their identifiers.
    private mutating func readExtendedUsage(_ value: [UInt8]) throws(DER.Malformed) {
        for purpose in try DER.only(value).members() {
            let id = try purpose.identifier()
            if id == [2, 5, 29, 37, 0] {
                extendedKeyUsage.append(0)
            } else if id.count == 9, id.starts(with: [1, 3, 6, 1, 5, 5, 7, 3]), (1...9).contains(id[8]) {
                extendedKeyUsage.append(id[8])
            } else if id == [1, 3, 6, 1, 4, 1, 311, 10, 3, 3] {
                extendedKeyUsage.append(10)
            } else if id == [2, 16, 840, 1, 113_730, 4, 1] {
                extendedKeyUsage.append(11)
            } else {
                unknownKeyUsage.append(id)
            }
        }
    }

    private mutating func readInformationAccess(_ value: [UInt8]) throws(DER.Malformed) {
        for entry in try DER.only(value).members() {
            let pair = try entry.members(atLeast: 2)
            guard pair[1].tag == DER.Tag.context(6, constructed: false) else { continue }
            switch try pair[0].identifier().last {
            case 1: ocspServers.append(pair[1].text)
            case 2: issuerLocations.append(pair[1].text)
            default: break
            }
        }
    }

    private mutating func readRevocationLists(_ value: [UInt8]) throws(DER.Malformed) {
        for point in try DER.only(value).members() {
            for part in try point.members() where part.tag == DER.Tag.context(0) {
                let name = try DER.only(part.content)
                guard name.tag == DER.Tag.context(0) else { continue }
                for location in try name.children() where location.tag == DER.Tag.context(6, constructed: false) {
                    revocationLists.append(location.text)
                }
            }
        }
    }

    var list: RegoValue {
        items.isEmpty
            ? .null
            : .array(
                RegoArray(
                    items.map { item -> RegoValue in
                        [
                            "Id": X509JSON.identifier(item.id), "Critical": .bool(item.isCritical),
                            "Value": X509JSON.base64(item.value),
                        ]
                    }))
    }

    var json: RegoObject {
        func identifiers(_ ids: [[Int]]) -> RegoValue {
            ids.isEmpty ? .null : .array(RegoArray(ids.map(X509JSON.identifier)))
        }
        var members = names.json
        let own: [(String, RegoValue)] = [
            ("KeyUsage", RegoValue(keyUsage)), ("Extensions", list), ("ExtraExtensions", .null),
            ("UnhandledCriticalExtensions", identifiers(unhandled)),
            ("ExtKeyUsage", extendedKeyUsage.isEmpty ? .null : X509JSON.identifier(extendedKeyUsage)),
            ("UnknownExtKeyUsage", identifiers(unknownKeyUsage)), ("BasicConstraintsValid", .bool(isConstrained)),
            ("IsCA", .bool(isAuthority)), ("MaxPathLen", RegoValue(isConstrained ? greatestPathLength : 0)),
            ("MaxPathLenZero", .bool(isConstrained && greatestPathLength == 0)),
            ("SubjectKeyId", subjectKey.map { X509JSON.base64($0) } ?? .null),
            ("AuthorityKeyId", authorityKey.map { X509JSON.base64($0) } ?? .null),
            ("OCSPServer", X509JSON.texts(ocspServers)), ("IssuingCertificateURL", X509JSON.texts(issuerLocations)),
            ("CRLDistributionPoints", X509JSON.texts(revocationLists)), ("PolicyIdentifiers", identifiers(policies)),
            ("PermittedDNSDomainsCritical", false), ("PermittedDNSDomains", .null), ("ExcludedDNSDomains", .null),
            ("PermittedIPRanges", .null), ("ExcludedIPRanges", .null), ("PermittedEmailAddresses", .null),
            ("ExcludedEmailAddresses", .null), ("PermittedURIDomains", .null), ("ExcludedURIDomains", .null),
        ]
        for (name, value) in own { members.updateValue(value, forKey: RegoValue(name)) }
        return members
    }
}
